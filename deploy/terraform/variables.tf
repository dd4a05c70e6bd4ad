variable "folder_id" {
  description = "The cloud folder that everything is created in. Give Caravan a folder of its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{20}$", var.folder_id))
    error_message = "folder_id is the folder's id, 20 lower-case letters and digits (yc resource-manager folder list)."
  }
}

variable "zone" {
  description = "The availability zone of the cluster and of Caravan's VM."
  type        = string
  default     = "ru-central1-a"

  validation {
    condition     = can(regex("^ru-central1-[a-z]$", var.zone))
    error_message = "zone must be one of the region ru-central1: Object Storage of Data Processing is there alone."
  }
}

variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  default     = "caravan"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must have 3 to 32 lower-case letters, digits and hyphens, with a letter first and no hyphen last."
  }
}

variable "release_bucket" {
  description = "The bucket to create for releases and jars of jobs. What it holds runs as root on the cluster's master, so jobs can't write to it. Bucket names are unique in the whole cloud."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.release_bucket))
    error_message = "release_bucket must have 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "data_bucket" {
  description = "The bucket to create for data, results and logs. Jobs read and write it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.data_bucket)) && var.data_bucket != var.release_bucket
    error_message = "data_bucket must have 3 to 63 lower-case letters, digits and hyphens, and must not be release_bucket: jobs could then replace the endpoint."
  }
}

variable "with_cluster" {
  description = "Whether the cluster and Caravan's VM are created. Their first start needs the files of the release bucket: false for the first apply, then upload.sh, then true."
  type        = bool
  default     = true
}

variable "subnet_cidr" {
  description = "The addresses of the subnet, for the cluster's hosts and Caravan's VM."
  type        = string
  default     = "10.77.0.0/24"

  validation {
    condition     = can(cidrhost(var.subnet_cidr, 20)) && can(regex("/(1[6-9]|2[0-6])$", var.subnet_cidr))
    error_message = "subnet_cidr must be an IPv4 network between /16 and /26, such as 10.77.0.0/24."
  }
}

variable "endpoint_port" {
  description = "The port of the cluster endpoint on the master."
  type        = number
  default     = 8998

  validation {
    condition     = var.endpoint_port > 1024 && var.endpoint_port < 65536 && !contains([8088, 8188, 18080, 19888, 8890, 10000], var.endpoint_port)
    error_message = "endpoint_port must lie between 1025 and 65535, and be none of the ports that the cluster's image uses."
  }
}

variable "http_egress" {
  description = "Whether the cluster's hosts may call out on port 80. Only needed where the release bucket has no jre-17.tar.gz: then Java comes from the package mirror."
  type        = bool
  default     = false
}

variable "ssh_cidrs" {
  description = "From where SSH to Caravan's VM is permitted, such as [\"203.0.113.7/32\"]. Empty: from nowhere."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for cidr in var.ssh_cidrs : can(cidrhost(cidr, 0)) && cidr != "0.0.0.0/0"])
    error_message = "ssh_cidrs must be IPv4 networks, such as 203.0.113.7/32, and not the whole internet."
  }
}

variable "ssh_public_keys" {
  description = "Public SSH keys of the people who may log in at the cluster's hosts and at Caravan's VM. Data Processing demands one. A change recreates the cluster."
  type        = list(string)

  validation {
    condition     = length(var.ssh_public_keys) > 0 && alltrue([for key in var.ssh_public_keys : can(regex("^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp[0-9]+) [A-Za-z0-9+/=]+( [^\n\"\\\\]*)?$", key))])
    error_message = "ssh_public_keys must hold at least one public key: the line of a .pub file."
  }
}

variable "image_version" {
  description = "The image of Data Processing, or the beginning of its version: 2.1 has Spark 3.3; 2.2 has Spark 3.5 and was a beta in 2026. A change recreates the cluster."
  type        = string
  default     = "2.1"

  validation {
    condition     = can(regex("^2\\.[0-9]+(\\.[0-9]+)?$", var.image_version))
    error_message = "image_version must be a version 2.x or 2.x.y: light clusters need image 2."
  }
}

variable "master" {
  description = "The master, where the endpoint and the jobs' drivers run. You pay for its disk while the cluster is stopped, too. disk_size in GB; a change of disk_type recreates the cluster."
  type = object({
    preset    = optional(string, "s3-c4-m16")
    disk_type = optional(string, "network-ssd")
    disk_size = optional(number, 20)
  })
  default = {}

  validation {
    condition     = var.master.disk_size >= 20 && contains(["network-ssd", "network-hdd"], var.master.disk_type)
    error_message = "master.disk_size must be 20 GB or more, and master.disk_type network-ssd or network-hdd."
  }
}

variable "compute" {
  description = "The hosts that run the jobs' tasks. You pay for their disks while the cluster is stopped, too. disk_size in GB; a change of disk_type recreates the cluster."
  type = object({
    hosts     = optional(number, 2)
    preset    = optional(string, "s3-c4-m16")
    disk_type = optional(string, "network-ssd")
    disk_size = optional(number, 20)
  })
  default = {}

  validation {
    condition     = var.compute.hosts >= 1 && var.compute.disk_size >= 20 && contains(["network-ssd", "network-hdd"], var.compute.disk_type)
    error_message = "compute.hosts must be 1 or more, compute.disk_size 20 GB or more, and compute.disk_type network-ssd or network-hdd."
  }
}

variable "deletion_protection" {
  description = "Whether the cloud refuses to delete the cluster. Set it to false, and apply, before you destroy."
  type        = bool
  default     = true
}

variable "log_days" {
  description = "After how many days the logs of batches are deleted."
  type        = number
  default     = 30

  validation {
    condition     = var.log_days >= 1 && floor(var.log_days) == var.log_days
    error_message = "log_days must be a whole number of days, 1 or more."
  }
}

variable "vm" {
  description = "Caravan's VM. memory and disk_size in GB, core_fraction in percent. public_ip is only needed for SSH from outside."
  type = object({
    cores         = optional(number, 2)
    core_fraction = optional(number, 20)
    memory        = optional(number, 2)
    disk_size     = optional(number, 15)
    image_family  = optional(string, "ubuntu-2204-lts")
    public_ip     = optional(bool, false)
  })
  default = {}

  validation {
    condition     = var.vm.memory >= 1 && var.vm.disk_size >= 10 && contains([5, 20, 50, 100], var.vm.core_fraction)
    error_message = "vm.memory must be 1 GB or more, vm.disk_size 10 GB or more, and vm.core_fraction one of 5, 20, 50, 100."
  }
}

variable "apt_mirror" {
  description = "The https mirror of Ubuntu's packages that Caravan's VM installs Java from. The VM has no way out on port 80."
  type        = string
  default     = "https://mirror.yandex.ru/ubuntu"

  validation {
    condition     = can(regex("^https://[A-Za-z0-9./-]+$", var.apt_mirror))
    error_message = "apt_mirror must begin with https://."
  }
}

variable "snapshots" {
  description = "How many daily snapshots of the VM's disk, which has the journal, are kept."
  type        = number
  default     = 7

  validation {
    condition     = var.snapshots >= 1 && floor(var.snapshots) == var.snapshots
    error_message = "snapshots must be a whole number, 1 or more."
  }
}
