terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

variable "office" {
  type    = string
  default = "0.0.0.0/0"
}

resource "aws_security_group" "front" {
  name        = "acme-front"
  description = "front"
  vpc_id      = "vpc-0e1d0000000000001"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.office]
  }
}
