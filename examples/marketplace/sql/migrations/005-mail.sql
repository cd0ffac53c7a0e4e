-- Copyright (C) the project authors
--
-- Mails that are to go out, and those that did.  An installation without a
-- mail service keeps them here, where "make mail" prints them.

CREATE TABLE IF NOT EXISTS `Mail` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `kind` ENUM('code','approval','announcement') NOT NULL,
  `recipient` VARCHAR(320) COLLATE utf8mb4_bin NOT NULL,
  `subject` VARCHAR(600) NOT NULL,
  `text` MEDIUMTEXT NOT NULL,
  `html` MEDIUMTEXT NOT NULL,
  `createdAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `sentAt` DATETIME(3) NULL,
  KEY `Mail_sentAt_idx` (`sentAt`, `id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- name of the marketplace, as mails show it

INSERT IGNORE INTO `Setting` (`name`, `value`)
VALUES ('PRODUCT', 'The marketplace');
