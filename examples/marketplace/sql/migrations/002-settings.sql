-- Copyright (C) the project authors
--
-- What SQL has to know of the installation.
--
--   BACKEND_URL  public base of picture links, without a trailing slash;
--                '' = links start with "/store/" and suit every host

CREATE TABLE IF NOT EXISTS `Setting` (
  `name` VARCHAR(64) COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  `value` TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT IGNORE INTO `Setting` (`name`, `value`) VALUES ('BACKEND_URL', '');
