-- Copyright (C) the project authors
--
-- The shapes that many routes return.  A dot in a column's name makes a
-- nested object; "owner?.id": the object is null when this column is.
--
-- All are merged into the query that reads them, so that its WHERE, ORDER BY
-- and LIMIT use the tables' indexes, and a column that is not asked for costs
-- nothing.  JSON columns are plain columns here, for an expression would
-- lose the type on MariaDB.
--
-- An empty or blank link counts as none: '' = ' ' in this collation.

CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `OfferView` AS
SELECT o.`id`, o.`ownerId`, o.`title`, o.`description`, o.`price`,
       o.`originalPrice`, o.`expirationDate`, o.`pickupStartTime`,
       o.`pickupEndTime`,
       COALESCE(NULLIF(o.`mapsLink`, ''), NULLIF(u.`mapsLink`, ''),
                o.`mapsLink`) AS `mapsLink`,
       o.`latitude`, o.`longitude`, o.`images`, o.`quantity`, o.`foodType`,
       o.`taste`, o.`createdAt`, o.`updatedAt`,
       JSON_VALUE(o.`images`, '$[0].filename') AS `imageFileName`,
       COALESCE(u.`location`, '') AS `pickupLocation`,
       u.`id` AS `owner?.id`,
       u.`username` AS `owner.username`,
       u.`location` AS `owner.location`,
       u.`phoneNumber` AS `owner.phoneNumber`,
       u.`mapsLink` AS `owner.mapsLink`,
       u.`profileImage` AS `owner.profileImage`
  FROM `Offer` o
  LEFT JOIN `User` u ON u.`id` = o.`ownerId`;


-- An offer as orders have it: columns and owner, the link as it is stored.

CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `OfferRawView` AS
SELECT o.`id`, o.`ownerId`, o.`title`, o.`description`, o.`price`,
       o.`originalPrice`, o.`expirationDate`, o.`pickupStartTime`,
       o.`pickupEndTime`, o.`mapsLink`, o.`latitude`, o.`longitude`,
       o.`images`, o.`quantity`, o.`foodType`, o.`taste`, o.`createdAt`,
       o.`updatedAt`,
       u.`id` AS `owner?.id`,
       u.`username` AS `owner.username`,
       u.`location` AS `owner.location`,
       u.`phoneNumber` AS `owner.phoneNumber`,
       u.`mapsLink` AS `owner.mapsLink`,
       u.`profileImage` AS `owner.profileImage`
  FROM `Offer` o
  LEFT JOIN `User` u ON u.`id` = o.`ownerId`;


CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `OrderView` AS
SELECT r.`id`, r.`quantity`, r.`userId`, r.`offerId`, r.`status`,
       r.`qrCodeToken`, r.`createdAt`, r.`updatedAt`, r.`collectedAt`,
       c.`id` AS `user.id`,
       c.`email` AS `user.email`,
       c.`username` AS `user.username`,
       c.`phoneNumber` AS `user.phoneNumber`,
       c.`location` AS `user.location`,
       c.`profileImage` AS `user.profileImage`,
       o.`id` AS `offer.id`,
       o.`ownerId` AS `offer.ownerId`,
       o.`title` AS `offer.title`,
       o.`description` AS `offer.description`,
       o.`price` AS `offer.price`,
       o.`originalPrice` AS `offer.originalPrice`,
       o.`expirationDate` AS `offer.expirationDate`,
       o.`pickupStartTime` AS `offer.pickupStartTime`,
       o.`pickupEndTime` AS `offer.pickupEndTime`,
       o.`mapsLink` AS `offer.mapsLink`,
       o.`latitude` AS `offer.latitude`,
       o.`longitude` AS `offer.longitude`,
       o.`images` AS `offer.images`,
       o.`quantity` AS `offer.quantity`,
       o.`foodType` AS `offer.foodType`,
       o.`taste` AS `offer.taste`,
       o.`createdAt` AS `offer.createdAt`,
       o.`updatedAt` AS `offer.updatedAt`,
       u.`id` AS `offer.owner?.id`,
       u.`username` AS `offer.owner.username`,
       u.`location` AS `offer.owner.location`,
       u.`phoneNumber` AS `offer.owner.phoneNumber`,
       u.`mapsLink` AS `offer.owner.mapsLink`,
       u.`profileImage` AS `offer.owner.profileImage`
  FROM `Order` r
  JOIN `User` c ON c.`id` = r.`userId`
  JOIN `Offer` o ON o.`id` = r.`offerId`
  LEFT JOIN `User` u ON u.`id` = o.`ownerId`;


-- The answer to an order: the offer as it is now, and the order.

CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `PlacedOrderView`
AS
SELECT o.`id` AS `updatedOffer.id`,
       o.`ownerId` AS `updatedOffer.ownerId`,
       o.`title` AS `updatedOffer.title`,
       o.`description` AS `updatedOffer.description`,
       o.`price` AS `updatedOffer.price`,
       o.`originalPrice` AS `updatedOffer.originalPrice`,
       o.`expirationDate` AS `updatedOffer.expirationDate`,
       o.`pickupStartTime` AS `updatedOffer.pickupStartTime`,
       o.`pickupEndTime` AS `updatedOffer.pickupEndTime`,
       o.`mapsLink` AS `updatedOffer.mapsLink`,
       o.`latitude` AS `updatedOffer.latitude`,
       o.`longitude` AS `updatedOffer.longitude`,
       o.`images` AS `updatedOffer.images`,
       o.`quantity` AS `updatedOffer.quantity`,
       o.`foodType` AS `updatedOffer.foodType`,
       o.`taste` AS `updatedOffer.taste`,
       o.`createdAt` AS `updatedOffer.createdAt`,
       o.`updatedAt` AS `updatedOffer.updatedAt`,
       r.`id` AS `order.id`,
       r.`quantity` AS `order.quantity`,
       r.`userId` AS `order.userId`,
       r.`offerId` AS `order.offerId`,
       r.`status` AS `order.status`,
       r.`qrCodeToken` AS `order.qrCodeToken`,
       r.`createdAt` AS `order.createdAt`,
       r.`updatedAt` AS `order.updatedAt`,
       r.`collectedAt` AS `order.collectedAt`,
       c.`id` AS `order.user.id`,
       c.`email` AS `order.user.email`,
       c.`username` AS `order.user.username`,
       c.`phoneNumber` AS `order.user.phoneNumber`,
       c.`location` AS `order.user.location`,
       c.`profileImage` AS `order.user.profileImage`,
       o.`id` AS `order.offer.id`,
       o.`ownerId` AS `order.offer.ownerId`,
       o.`title` AS `order.offer.title`,
       o.`description` AS `order.offer.description`,
       o.`price` AS `order.offer.price`,
       o.`originalPrice` AS `order.offer.originalPrice`,
       o.`expirationDate` AS `order.offer.expirationDate`,
       o.`pickupStartTime` AS `order.offer.pickupStartTime`,
       o.`pickupEndTime` AS `order.offer.pickupEndTime`,
       o.`mapsLink` AS `order.offer.mapsLink`,
       o.`latitude` AS `order.offer.latitude`,
       o.`longitude` AS `order.offer.longitude`,
       o.`images` AS `order.offer.images`,
       o.`quantity` AS `order.offer.quantity`,
       o.`foodType` AS `order.offer.foodType`,
       o.`taste` AS `order.offer.taste`,
       o.`createdAt` AS `order.offer.createdAt`,
       o.`updatedAt` AS `order.offer.updatedAt`,
       u.`id` AS `order.offer.owner?.id`,
       u.`username` AS `order.offer.owner.username`,
       u.`location` AS `order.offer.owner.location`,
       u.`phoneNumber` AS `order.offer.owner.phoneNumber`,
       u.`mapsLink` AS `order.offer.owner.mapsLink`,
       u.`profileImage` AS `order.offer.owner.profileImage`
  FROM `Order` r
  JOIN `User` c ON c.`id` = r.`userId`
  JOIN `Offer` o ON o.`id` = r.`offerId`
  LEFT JOIN `User` u ON u.`id` = o.`ownerId`;


-- What anybody may see of an account: a business shows where it is.

CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `PublicUserView`
AS
SELECT u.`id`, u.`username`,
       IF(u.`role` IN ('CLIENT', 'NONE'), NULL, u.`location`) AS `location`,
       IF(u.`role` IN ('CLIENT', 'NONE'), NULL, u.`mapsLink`) AS `mapsLink`,
       IF(u.`role` IN ('CLIENT', 'NONE'), NULL, u.`longitude`)
           AS `longitude`,
       IF(u.`role` IN ('CLIENT', 'NONE'), NULL, u.`latitude`) AS `latitude`,
       IF(u.`role` IN ('CLIENT', 'NONE'), NULL, u.`phoneNumber`)
           AS `phoneNumber`,
       u.`profileImage`, u.`role`
  FROM `User` u;


-- The account as its owner and administrators see it: all but the secrets.

CREATE OR REPLACE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `UserView` AS
SELECT u.`id`, u.`email`, u.`username`, u.`location`, u.`mapsLink`,
       u.`longitude`, u.`latitude`, u.`phoneNumber`, u.`profileImage`,
       u.`role`, u.`emailVerified`
  FROM `User` u;
