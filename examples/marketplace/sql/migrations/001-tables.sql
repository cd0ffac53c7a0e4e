-- Copyright (C) the project authors
--
-- The five tables of the marketplace.  Runs on MariaDB 10.11 and MySQL 8.
-- A migration may be cut off in the middle and started again, for a data
-- definition commits by itself; hence IF NOT EXISTS.

CREATE TABLE IF NOT EXISTS `User` (
  `id` INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `email` VARCHAR(191) COLLATE utf8mb4_bin NULL,
  `username` VARCHAR(191) NOT NULL,
  `password` VARCHAR(191) NULL,
  `googleId` VARCHAR(191) COLLATE utf8mb4_bin NULL,
  `location` VARCHAR(512) NULL,
  `mapsLink` TEXT NULL,
  `longitude` DOUBLE NULL,
  `latitude` DOUBLE NULL,
  `phoneNumber` INT NULL,
  `profileImage` VARCHAR(2048) NULL,
  `role` ENUM('CLIENT','PROVIDER','PENDING_PROVIDER','NONE') NOT NULL,
  `emailVerified` TINYINT(1) NOT NULL DEFAULT 0,
  UNIQUE KEY `User_email_key` (`email`),
  UNIQUE KEY `User_googleId_key` (`googleId`),
  KEY `User_role_idx` (`role`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS `Offer` (
  `id` INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `ownerId` INT NULL,
  `title` VARCHAR(191) NOT NULL,
  `description` TEXT NOT NULL,
  `price` DOUBLE NULL,
  `originalPrice` DOUBLE NULL,
  `expirationDate` DATETIME(3) NOT NULL,
  `pickupStartTime` DATETIME(3) NULL,
  `pickupEndTime` DATETIME(3) NULL,
  `mapsLink` TEXT NULL,
  `latitude` DOUBLE NULL,
  `longitude` DOUBLE NULL,
  `images` JSON NOT NULL,
  `quantity` INT NOT NULL,
  `foodType` ENUM('snack','meal','beverage','other') NULL DEFAULT 'other',
  `taste` ENUM('sweet','salty','both','neutral') NULL DEFAULT 'neutral',
  `createdAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updatedAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  KEY `Offer_ownerId_idx` (`ownerId`),
  KEY `Offer_createdAt_idx` (`createdAt` DESC, `id` DESC),
  KEY `Offer_expirationDate_idx` (`expirationDate`),
  KEY `Offer_foodType_idx` (`foodType`),
  CONSTRAINT `Offer_ownerId_fkey` FOREIGN KEY (`ownerId`) REFERENCES `User` (`id`) ON DELETE SET NULL ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS `Order` (
  `id` INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `quantity` INT NOT NULL,
  `userId` INT NOT NULL,
  `offerId` INT NOT NULL,
  `status` ENUM('expired','confirmed','cancelled','pending') NOT NULL DEFAULT 'pending',
  `qrCodeToken` VARCHAR(191) COLLATE utf8mb4_bin NULL,
  `createdAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updatedAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  `collectedAt` DATETIME(3) NULL,
  UNIQUE KEY `Order_qrCodeToken_key` (`qrCodeToken`),
  KEY `Order_userId_idx` (`userId`),
  KEY `Order_offerId_idx` (`offerId`, `createdAt` DESC),
  KEY `Order_status_idx` (`status`),
  KEY `Order_createdAt_idx` (`createdAt` DESC),
  CONSTRAINT `Order_userId_fkey` FOREIGN KEY (`userId`) REFERENCES `User` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `Order_offerId_fkey` FOREIGN KEY (`offerId`) REFERENCES `Offer` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS `Rating` (
  `id` INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `orderId` INT NOT NULL,
  `providerId` INT NOT NULL,
  `userId` INT NOT NULL,
  `rating` INT NOT NULL,
  `tags` JSON NULL,
  `comment` TEXT NULL,
  `createdAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updatedAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  UNIQUE KEY `Rating_orderId_key` (`orderId`),
  KEY `Rating_providerId_idx` (`providerId`, `rating`),
  KEY `Rating_userId_idx` (`userId`),
  CONSTRAINT `Rating_orderId_fkey` FOREIGN KEY (`orderId`) REFERENCES `Order` (`id`) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE IF NOT EXISTS `ContactMessage` (
  `id` INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `name` VARCHAR(191) NOT NULL,
  `email` VARCHAR(191) NOT NULL,
  `subject` VARCHAR(512) NULL,
  `message` TEXT NOT NULL,
  `userRole` VARCHAR(191) NULL,
  `userId` INT NULL,
  `createdAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `read` TINYINT(1) NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
