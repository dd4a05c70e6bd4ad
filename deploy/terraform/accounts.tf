resource "yandex_iam_service_account" "caravan" {
  name        = var.name
  description = "Caravan: starts and stops the cluster, reads results."
  folder_id   = var.folder_id
}

# Each job can get this account's token from the metadata service of the host it runs on.
resource "yandex_iam_service_account" "cluster" {
  name        = "${var.name}-cluster"
  description = "The cluster's hosts and its jobs."
  folder_id   = var.folder_id
}

# The one role on the folder: it can't be bound to less. Log groups are written by it, too.
resource "yandex_resourcemanager_folder_iam_member" "cluster_agent" {
  folder_id = var.folder_id
  role      = "dataproc.agent"
  member    = "serviceAccount:${yandex_iam_service_account.cluster.id}"
}

# Caravan starts and stops the cluster; the endpoint on it stops it when nobody needs it. On the folder, this role would let any
# job create and delete clusters.
resource "yandex_dataproc_cluster_iam_binding" "start_stop" {
  count = var.with_cluster ? 1 : 0

  cluster_id = yandex_dataproc_cluster.main[0].id
  role       = "dataproc.editor"
  members = [
    "serviceAccount:${yandex_iam_service_account.caravan.id}",
    "serviceAccount:${yandex_iam_service_account.cluster.id}",
  ]
}

resource "yandex_storage_bucket_iam_binding" "releases_read" {
  bucket = yandex_storage_bucket.releases.bucket
  role   = "storage.viewer"
  members = [
    "serviceAccount:${yandex_iam_service_account.caravan.id}",
    "serviceAccount:${yandex_iam_service_account.cluster.id}",
  ]
}

resource "yandex_storage_bucket_iam_binding" "data_read" {
  bucket  = yandex_storage_bucket.data.bucket
  role    = "storage.viewer"
  members = ["serviceAccount:${yandex_iam_service_account.caravan.id}"]
}

# Not storage.uploader: commits of Spark delete what they replace.
resource "yandex_storage_bucket_iam_binding" "data_write" {
  bucket  = yandex_storage_bucket.data.bucket
  role    = "storage.editor"
  members = ["serviceAccount:${yandex_iam_service_account.cluster.id}"]
}

resource "yandex_lockbox_secret_iam_member" "endpoint_caravan" {
  secret_id = yandex_lockbox_secret.endpoint.id
  role      = "lockbox.payloadViewer"
  member    = "serviceAccount:${yandex_iam_service_account.caravan.id}"
}

resource "yandex_lockbox_secret_iam_member" "endpoint_cluster" {
  secret_id = yandex_lockbox_secret.endpoint.id
  role      = "lockbox.payloadViewer"
  member    = "serviceAccount:${yandex_iam_service_account.cluster.id}"
}

resource "yandex_lockbox_secret_iam_member" "s3_caravan" {
  secret_id = yandex_lockbox_secret.s3.id
  role      = "lockbox.payloadViewer"
  member    = "serviceAccount:${yandex_iam_service_account.caravan.id}"
}
