# Two buckets: who writes the first decides what runs as root on the master, and jobs write the second.
resource "yandex_storage_bucket" "releases" {
  bucket    = var.release_bucket
  folder_id = var.folder_id
}

resource "yandex_storage_bucket" "data" {
  bucket    = var.data_bucket
  folder_id = var.folder_id

  lifecycle_rule {
    id      = "logs"
    enabled = true
    prefix  = "caravan/logs/"

    expiration {
      days = var.log_days
    }
  }

  # What Data Processing itself leaves of its jobs.
  lifecycle_rule {
    id      = "dataproc"
    enabled = true
    prefix  = "dataproc/"

    expiration {
      days = var.log_days
    }
  }

  # Jobs that were killed leave pieces of uploads, which are paid for and which no listing shows.
  lifecycle_rule {
    id                                     = "uploads"
    enabled                                = true
    prefix                                 = ""
    abort_incomplete_multipart_upload_days = 7
  }
}
