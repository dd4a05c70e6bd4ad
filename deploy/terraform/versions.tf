terraform {
  # From 1.9 on, the check of a variable may look at another one.
  required_version = ">= 1.9"

  required_providers {
    yandex = {
      source = "yandex-cloud/yandex"
      # From 0.218 on, a role can be bound to one cluster. Nothing here needs a folder-wide role in its place.
      version = ">= 0.218, < 1.0"
    }
  }
}

# Credentials come from the environment: YC_TOKEN, or YC_SERVICE_ACCOUNT_KEY_FILE.
provider "yandex" {
  folder_id = var.folder_id
  zone      = var.zone
}
