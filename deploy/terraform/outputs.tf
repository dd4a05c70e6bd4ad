output "cluster_id" {
  description = "The cluster."
  value       = one(yandex_dataproc_cluster.main[*].id)
}

output "vm_address" {
  description = "The address of Caravan's VM: the public one if it has one."
  value       = one([for vm in yandex_compute_instance.vm : coalesce(vm.network_interface[0].nat_ip_address, vm.network_interface[0].ip_address)])
}

output "release_prefix" {
  description = "Where upload.sh puts releases."
  value       = "s3://${yandex_storage_bucket.releases.bucket}/caravan"
}

output "endpoint_secret_id" {
  description = "The Lockbox secret with the endpoint's token."
  value       = yandex_lockbox_secret.endpoint.id
}
