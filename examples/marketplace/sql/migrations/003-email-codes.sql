-- Copyright (C) the project authors
--
-- Codes sent by mail: one for an address, stored as a keyed hash.

CREATE TABLE IF NOT EXISTS `EmailCode` (
  `email` VARCHAR(191) COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  `codeHash` BINARY(32) NOT NULL,
  `expiresAt` DATETIME(3) NOT NULL,
  `attempts` INT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
