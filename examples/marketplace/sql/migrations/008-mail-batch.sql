-- Copyright (C) the project authors
--
-- Mails that were written together have a batch in common: they are sent
-- together.  MySQL knows no "IF NOT EXISTS" here.

SET @alter = IF(
    (SELECT COUNT(*) FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'Mail'
        AND COLUMN_NAME = 'batch') = 0,
    'ALTER TABLE `Mail`
         ADD COLUMN `batch` CHAR(32) COLLATE utf8mb4_bin NULL AFTER `id`,
         ADD KEY `Mail_batch_idx` (`batch`, `id`)',
    'DO 0');

PREPARE alter_mail FROM @alter;
EXECUTE alter_mail;
DEALLOCATE PREPARE alter_mail;
