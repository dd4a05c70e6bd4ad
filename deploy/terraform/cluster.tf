# A light cluster: no HDFS. Caravan starts and stops it; Terraform does not know whether it runs.
resource "yandex_dataproc_cluster" "main" {
  count = var.with_cluster ? 1 : 0

  name                = var.name
  description         = "Started and stopped by Caravan."
  folder_id           = var.folder_id
  zone_id             = var.zone
  environment         = "PRODUCTION"
  service_account_id  = yandex_iam_service_account.cluster.id
  bucket              = yandex_storage_bucket.data.bucket
  security_group_ids  = [yandex_vpc_security_group.cluster.id]
  ui_proxy            = false
  deletion_protection = var.deletion_protection

  cluster_config {
    version_id = var.image_version

    hadoop {
      services        = ["YARN", "SPARK"]
      ssh_public_keys = var.ssh_public_keys

      # Any change of these lines recreates the cluster. They therefore name no version: the script fetches the endpoint whose
      # version the release bucket names, at each boot.
      initialization_action {
        uri     = "s3a://${yandex_storage_bucket.releases.bucket}/caravan/endpoint/caravan-init.sh"
        args    = ["s3://${yandex_storage_bucket.releases.bucket}/caravan", yandex_lockbox_secret.endpoint.id]
        timeout = 900
      }
    }

    subcluster_spec {
      name             = "master"
      role             = "MASTERNODE"
      subnet_id        = yandex_vpc_subnet.main.id
      hosts_count      = 1
      assign_public_ip = false

      resources {
        resource_preset_id = var.master.preset
        disk_type_id       = var.master.disk_type
        disk_size          = var.master.disk_size
      }
    }

    subcluster_spec {
      name             = "compute"
      role             = "COMPUTENODE"
      subnet_id        = yandex_vpc_subnet.main.id
      hosts_count      = var.compute.hosts
      assign_public_ip = false

      resources {
        resource_preset_id = var.compute.preset
        disk_type_id       = var.compute.disk_type
        disk_size          = var.compute.disk_size
      }
    }
  }

  # The hosts use all of these while the cluster is created.
  depends_on = [
    yandex_resourcemanager_folder_iam_member.cluster_agent,
    yandex_storage_bucket_iam_binding.releases_read,
    yandex_storage_bucket_iam_binding.data_write,
    yandex_lockbox_secret_iam_member.endpoint_cluster,
  ]
}
