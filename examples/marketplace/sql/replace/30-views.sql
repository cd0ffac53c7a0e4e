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
