# The cloud makes the token and the key, and puts them into Lockbox: neither variables nor Terraform's state ever hold them.
resource "yandex_lockbox_secret" "endpoint" {
  name        = "${var.name}-endpoint"
  description = "The token by which Caravan calls the endpoint on the cluster."
  folder_id   = var.folder_id

  password_payload_specification {
    password_key        = "endpoint-token"
    length              = 48
    include_punctuation = false
  }
}

resource "yandex_lockbox_secret" "s3" {
  name        = "${var.name}-s3"
  description = "The static key by which Caravan reads results."
  folder_id   = var.folder_id
}

resource "yandex_iam_service_account_static_access_key" "s3" {
  service_account_id = yandex_iam_service_account.caravan.id
  description        = "Caravan reads results."

  output_to_lockbox {
    secret_id            = yandex_lockbox_secret.s3.id
    entry_for_access_key = "access-key-id"
    entry_for_secret_key = "secret-access-key"
  }
}
