/** The S3 client: one way to reach Object Storage, for reading datamarts and for shipping logs. */
package dev.caravan.shared.s3;
