data "yandex_compute_image" "vm" {
  family = var.vm.image_family
}

locals {
  vm_files = "${path.module}/../vm"

  # Names and ids; the VM fetches the secrets itself, with its account's token.
  install_conf = templatefile("${local.vm_files}/install.conf", {
    release_bucket  = yandex_storage_bucket.releases.bucket
    data_bucket     = yandex_storage_bucket.data.bucket
    cluster_id      = var.with_cluster ? yandex_dataproc_cluster.main[0].id : ""
    endpoint_port   = var.endpoint_port
    endpoint_secret = yandex_lockbox_secret.endpoint.id
    s3_secret       = yandex_lockbox_secret.s3.id
  })
}

resource "yandex_compute_instance" "vm" {
  count = var.with_cluster ? 1 : 0

  name                      = var.name
  hostname                  = var.name
  description               = "Runs caravan serve."
  folder_id                 = var.folder_id
  zone                      = var.zone
  platform_id               = "standard-v3"
  service_account_id        = yandex_iam_service_account.caravan.id
  allow_stopping_for_update = true

  resources {
    cores         = var.vm.cores
    core_fraction = var.vm.core_fraction
    memory        = var.vm.memory
  }

  boot_disk {
    initialize_params {
      image_id = data.yandex_compute_image.vm.id
      type     = "network-ssd"
      size     = var.vm.disk_size
    }
  }

  network_interface {
    subnet_id          = yandex_vpc_subnet.main.id
    security_group_ids = [yandex_vpc_security_group.vm.id]
    nat                = var.vm.public_ip
  }

  # The account's token by the address that Caravan asks, and not by the one in AWS's manner, which needs no header.
  metadata_options {
    gce_http_endpoint    = 1
    gce_http_token       = 1
    aws_v1_http_endpoint = 2
    aws_v1_http_token    = 2
  }

  metadata = {
    user-data = templatefile("${local.vm_files}/cloud-init.yaml", {
      apt_mirror   = var.apt_mirror
      ssh_keys     = jsonencode(var.ssh_public_keys)
      install      = base64encode(file("${local.vm_files}/caravan-install"))
      install_conf = base64encode(local.install_conf)
    })
  }

  # The journal is on this disk: a newer image of the family must not replace it.
  lifecycle {
    ignore_changes = [boot_disk[0].initialize_params[0].image_id]
  }

  depends_on = [
    yandex_dataproc_cluster_iam_binding.start_stop,
    yandex_storage_bucket_iam_binding.releases_read,
    yandex_storage_bucket_iam_binding.data_read,
    yandex_lockbox_secret_iam_member.endpoint_caravan,
    yandex_lockbox_secret_iam_member.s3_caravan,
    yandex_iam_service_account_static_access_key.s3,
  ]
}

resource "yandex_compute_snapshot_schedule" "vm" {
  count = var.with_cluster ? 1 : 0

  name           = "${var.name}-vm"
  description    = "The disk with Caravan's journal, and with its backups."
  folder_id      = var.folder_id
  snapshot_count = var.snapshots
  disk_ids       = [yandex_compute_instance.vm[0].boot_disk[0].disk_id]

  # In UTC, after the nightly copy of the journal.
  schedule_policy {
    expression = "0 2 * * *"
  }
}
