# Hosts have no public addresses. Their way out is the gateway, which Data Processing demands.
resource "yandex_vpc_network" "main" {
  name      = var.name
  folder_id = var.folder_id
}

resource "yandex_vpc_gateway" "nat" {
  name      = "${var.name}-nat"
  folder_id = var.folder_id

  shared_egress_gateway {}
}

resource "yandex_vpc_route_table" "nat" {
  name       = "${var.name}-nat"
  folder_id  = var.folder_id
  network_id = yandex_vpc_network.main.id

  static_route {
    destination_prefix = "0.0.0.0/0"
    gateway_id         = yandex_vpc_gateway.nat.id
  }
}

resource "yandex_vpc_subnet" "main" {
  name           = var.name
  folder_id      = var.folder_id
  zone           = var.zone
  network_id     = yandex_vpc_network.main.id
  route_table_id = yandex_vpc_route_table.nat.id
  v4_cidr_blocks = [var.subnet_cidr]
}

# What Data Processing demands of the group, and nothing else, but for the endpoint's port.
resource "yandex_vpc_security_group" "cluster" {
  name        = "${var.name}-cluster"
  description = "The cluster's hosts among themselves, and the endpoint for Caravan."
  folder_id   = var.folder_id
  network_id  = yandex_vpc_network.main.id

  ingress {
    description       = "The cluster's hosts among themselves"
    protocol          = "ANY"
    from_port         = 0
    to_port           = 65535
    predefined_target = "self_security_group"
  }

  egress {
    description       = "The cluster's hosts among themselves"
    protocol          = "ANY"
    from_port         = 0
    to_port           = 65535
    predefined_target = "self_security_group"
  }

  ingress {
    description       = "The endpoint, from Caravan's VM alone"
    protocol          = "TCP"
    port              = var.endpoint_port
    security_group_id = yandex_vpc_security_group.vm.id
  }

  egress {
    description    = "The cloud's services, Object Storage and Lockbox among them"
    protocol       = "TCP"
    port           = 443
    v4_cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    description    = "Time"
    protocol       = "UDP"
    port           = 123
    v4_cidr_blocks = ["0.0.0.0/0"]
  }

  dynamic "egress" {
    for_each = var.http_egress ? [80] : []

    content {
      description    = "Package mirrors"
      protocol       = "TCP"
      port           = egress.value
      v4_cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "yandex_vpc_security_group" "vm" {
  name        = "${var.name}-vm"
  description = "Caravan's VM."
  folder_id   = var.folder_id
  network_id  = yandex_vpc_network.main.id

  egress {
    description    = "The cloud's services, package mirrors, targets of alarms"
    protocol       = "TCP"
    port           = 443
    v4_cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    description    = "Time"
    protocol       = "UDP"
    port           = 123
    v4_cidr_blocks = ["0.0.0.0/0"]
  }

  # By addresses: the cluster's group names this one, and two groups can't name each other.
  egress {
    description    = "The endpoint"
    protocol       = "TCP"
    port           = var.endpoint_port
    v4_cidr_blocks = [var.subnet_cidr]
  }

  dynamic "ingress" {
    for_each = length(var.ssh_cidrs) > 0 ? [22] : []

    content {
      description    = "SSH"
      protocol       = "TCP"
      port           = ingress.value
      v4_cidr_blocks = var.ssh_cidrs
    }
  }
}
