-- Copyright (C) the project authors
--
-- Keys of requests that clients may send twice, with the answers that they
-- got: see the step "idempotent".  Routes remove what is past its time.

CREATE TABLE IF NOT EXISTS `IdempotencyKey` (
  `id` BINARY(32) NOT NULL PRIMARY KEY,
  `fingerprint` BINARY(32) NOT NULL,
  `createdAt` DATETIME(6) NOT NULL,
  `expiresAt` DATETIME(3) NOT NULL,
  `status` SMALLINT UNSIGNED NULL,
  `type` VARCHAR(255) NULL,
  `location` VARBINARY(4096) NULL,
  `body` MEDIUMBLOB NULL,
  KEY `IdempotencyKey_expiresAt_idx` (`expiresAt`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
