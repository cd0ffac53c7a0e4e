-- Copyright (C) the project authors
--
-- Old string forms of pictures are brought up to date where they enter the
-- table, so that every read has them normal for nothing, whatever brings the
-- row: an import, a restore, an old program.  Normal rows pay one comparison.
-- Text that is no JSON stays as it is: the column refuses it.

DELIMITER $$

DROP TRIGGER IF EXISTS `Offer_images_insert`$$
CREATE TRIGGER `Offer_images_insert` BEFORE INSERT ON `Offer` FOR EACH ROW
BEGIN
    IF JSON_VALID(NEW.images) AND offerImagesAreOld(NEW.images) THEN
        SET NEW.images = normalOfferImages(NEW.images);
    END IF;
END$$


DROP TRIGGER IF EXISTS `Offer_images_update`$$
CREATE TRIGGER `Offer_images_update` BEFORE UPDATE ON `Offer` FOR EACH ROW
BEGIN
    IF NOT NEW.images <=> OLD.images
       AND JSON_VALID(NEW.images) AND offerImagesAreOld(NEW.images)
    THEN
        SET NEW.images = normalOfferImages(NEW.images);
    END IF;
END$$

DELIMITER ;


-- Rows that were there before the triggers.

UPDATE `Offer`
   SET `images` = normalOfferImages(`images`), `updatedAt` = `updatedAt`
 WHERE offerImagesAreOld(`images`);
