-- Copyright (C) the project authors
--
-- Who signs in with Facebook is known by the id there, as with Google.  One
-- statement, so that it is done or not; MySQL knows no "IF NOT EXISTS" here.

SET @alter = IF(
    (SELECT COUNT(*) FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'User'
        AND COLUMN_NAME = 'facebookId') = 0,
    'ALTER TABLE `User`
         ADD COLUMN `facebookId` VARCHAR(191) COLLATE utf8mb4_bin NULL
             AFTER `googleId`,
         ADD UNIQUE KEY `User_facebookId_key` (`facebookId`)',
    'DO 0');

PREPARE alter_user FROM @alter;
EXECUTE alter_user;
DEALLOCATE PREPARE alter_user;
