-- Copyright (C) the project authors
--
-- Functions that several routes and the triggers share.  They keep to what
-- MariaDB 10.11 and MySQL 8 both have: JSON is passed on with
-- JSON_EXTRACT(x, '$'), for in MariaDB a variable of type JSON is text, and
-- would be embedded as a string.

DELIMITER $$

DROP FUNCTION IF EXISTS `setting`$$
CREATE FUNCTION `setting`(
    wanted VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    RETURNS TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    READS SQL DATA SQL SECURITY INVOKER
    COMMENT 'value of a setting, '''' when it is not there'
BEGIN
    DECLARE found TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

    SET found = (SELECT s.`value` FROM `Setting` s WHERE s.`name` = wanted);

    RETURN COALESCE(found, '');
END$$


DROP FUNCTION IF EXISTS `uriComponent`$$
CREATE FUNCTION `uriComponent`(
    s TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    RETURNS TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'percent-encodes as encodeURIComponent() of browsers does'
BEGIN
    DECLARE encoded TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '';
    DECLARE c VARCHAR(1) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE bytes VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE i INT DEFAULT 1;

    IF s IS NULL OR NOT s REGEXP '[^-A-Za-z0-9_.!~*''()]' THEN
        RETURN s;
    END IF;

    WHILE i <= CHAR_LENGTH(s) DO
        SET c = SUBSTRING(s, i, 1);

        IF c REGEXP '[^-A-Za-z0-9_.!~*''()]' THEN
            SET bytes = HEX(c);

            WHILE bytes <> '' DO
                SET encoded = CONCAT(encoded, '%', LEFT(bytes, 2));
                SET bytes = SUBSTRING(bytes, 3);
            END WHILE;
        ELSE
            SET encoded = CONCAT(encoded, c);
        END IF;

        SET i = i + 1;
    END WHILE;

    RETURN encoded;
END$$


DROP FUNCTION IF EXISTS `lastSegment`$$
CREATE FUNCTION `lastSegment`(
    s TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    RETURNS TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'last non-empty segment of a path, or NULL'
BEGIN
    IF s LIKE './%' THEN
        SET s = SUBSTRING(s, 3);
    END IF;

    RETURN NULLIF(SUBSTRING_INDEX(TRIM(TRAILING '/' FROM s), '/', -1), '');
END$$


DROP FUNCTION IF EXISTS `jsonText`$$
CREATE FUNCTION `jsonText`(doc JSON, path VARCHAR(255) CHARACTER SET utf8mb4)
    RETURNS LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'the string at a path, NULL when it is none or empty'
BEGIN
    IF JSON_TYPE(JSON_EXTRACT(doc, path)) = 'STRING' THEN
        RETURN NULLIF(JSON_UNQUOTE(JSON_EXTRACT(doc, path)), '');
    END IF;

    RETURN NULL;
END$$


DROP FUNCTION IF EXISTS `offerImage`$$
CREATE FUNCTION `offerImage`(
    name TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, original JSON)
    RETURNS JSON
    READS SQL DATA SQL SECURITY INVOKER
    COMMENT 'a picture of an offer from a file name, path or link'
BEGIN
    DECLARE file TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE url TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

    SET file = lastSegment(name);
    SET url = CONCAT('/store/', uriComponent(file));

    RETURN JSON_OBJECT('filename', file,
                       'path', CONCAT('store/', file),
                       'url', url,
                       'absoluteUrl', CONCAT(setting('BACKEND_URL'), url),
                       'original', JSON_EXTRACT(original, '$'));
END$$


DROP FUNCTION IF EXISTS `offerImageName`$$
CREATE FUNCTION `offerImageName`(entry JSON)
    RETURNS LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'the file name, path or link in an entry, or NULL'
RETURN COALESCE(jsonText(entry, '$'),
                jsonText(entry, '$.path'),
                jsonText(entry, '$.relativePath'),
                jsonText(entry, '$.filename'),
                jsonText(entry, '$.url'),
                jsonText(entry, '$.absoluteUrl'))$$


DROP FUNCTION IF EXISTS `offerImagesOf`$$
CREATE FUNCTION `offerImagesOf`(entries JSON)
    RETURNS JSON
    READS SQL DATA SQL SECURITY INVOKER
    COMMENT 'the pictures to store for those that a client sends'
BEGIN
    DECLARE images JSON DEFAULT JSON_ARRAY();
    DECLARE entry JSON;
    DECLARE i INT DEFAULT 0;

    WHILE i < JSON_LENGTH(entries) DO
        SET entry = JSON_EXTRACT(entries, CONCAT('$[', i, ']'));

        SET images = JSON_ARRAY_APPEND(images, '$', JSON_EXTRACT(
            offerImage(offerImageName(entry), entry), '$'));

        SET i = i + 1;
    END WHILE;

    RETURN images;
END$$


DROP FUNCTION IF EXISTS `oldOfferImage`$$
CREATE FUNCTION `oldOfferImage`(entry JSON)
    RETURNS JSON
    READS SQL DATA SQL SECURITY INVOKER
    COMMENT 'a picture as old rows have it, in the form of today'
BEGIN
    DECLARE s LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE original JSON;
    DECLARE url LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

    IF JSON_TYPE(entry) = 'OBJECT' THEN
        IF JSON_CONTAINS_PATH(entry, 'one', '$.filename', '$.url',
                              '$.absoluteUrl')
        THEN
            RETURN entry;
        END IF;

        RETURN JSON_EXTRACT(
            offerImagesOf(JSON_ARRAY(JSON_EXTRACT(entry, '$'))), '$[0]');
    END IF;

    SET s = jsonText(entry, '$');

    IF s IS NULL THEN
        RETURN NULL;
    END IF;

    SET original = JSON_OBJECT('url', s);

    IF s LIKE 'http://%' OR s LIKE 'https://%' THEN
        -- only the first one, a file may be named so too
        IF s LIKE '%/storage/%' THEN
            SET s = INSERT(s, LOCATE('/storage/', s), 9, '/store/');
        END IF;

        IF s LIKE '%/store/%' THEN
            SET url = SUBSTRING(s, LOCATE('/store/', s));
        END IF;

        RETURN JSON_OBJECT('filename', lastSegment(s), 'url', url,
                           'absoluteUrl', s,
                           'original', JSON_EXTRACT(original, '$'));
    END IF;

    IF s LIKE '/storage/%' OR s LIKE '/store/%' THEN
        SET url = CONCAT('/store/',
                         SUBSTRING(s, LOCATE('/', s, 2) + 1));

        RETURN JSON_OBJECT('filename', lastSegment(url), 'url', url,
                           'absoluteUrl',
                           CONCAT(setting('BACKEND_URL'), url),
                           'original', JSON_EXTRACT(original, '$'));
    END IF;

    RETURN offerImage(s, original);
END$$


DROP FUNCTION IF EXISTS `normalOfferImages`$$
CREATE FUNCTION `normalOfferImages`(old JSON)
    RETURNS JSON
    READS SQL DATA SQL SECURITY INVOKER
    COMMENT 'the pictures of an offer, old string forms brought up to date'
BEGIN
    DECLARE doc LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE images JSON DEFAULT JSON_ARRAY();
    DECLARE image JSON;
    DECLARE i INT DEFAULT 0;

    SET doc = old;

    IF JSON_TYPE(doc) = 'STRING' THEN
        SET doc = JSON_UNQUOTE(doc);

        IF NOT JSON_VALID(doc) THEN
            RETURN images;
        END IF;
    END IF;

    IF JSON_TYPE(doc) = 'OBJECT' THEN
        SET doc = CONCAT('[', doc, ']');
    END IF;

    IF JSON_TYPE(doc) <> 'ARRAY' THEN
        RETURN images;
    END IF;

    WHILE i < JSON_LENGTH(doc) DO
        SET image = oldOfferImage(JSON_EXTRACT(doc, CONCAT('$[', i, ']')));

        IF image IS NOT NULL THEN
            SET images = JSON_ARRAY_APPEND(images, '$',
                                           JSON_EXTRACT(image, '$'));
        END IF;

        SET i = i + 1;
    END WHILE;

    RETURN images;
END$$


DROP FUNCTION IF EXISTS `offerImagesAreOld`$$
CREATE FUNCTION `offerImagesAreOld`(old JSON)
    RETURNS TINYINT(1)
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'whether normalOfferImages() may have something to do'
RETURN JSON_TYPE(old) <> 'ARRAY'
       OR JSON_LENGTH(old)
          <> COALESCE(JSON_LENGTH(JSON_EXTRACT(old, '$[*].filename')), 0)$$


DROP FUNCTION IF EXISTS `offerImagesSent`$$
CREATE FUNCTION `offerImagesSent`(sent JSON)
    RETURNS JSON
    READS SQL DATA SQL SECURITY INVOKER
    COMMENT 'pictures to store for a member "images": NULL when it is wrong'
BEGIN
    DECLARE entries LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    DECLARE i INT DEFAULT 0;

    -- an array, or what clients send more often, its text
    SET entries = IF(JSON_TYPE(sent) = 'STRING', JSON_UNQUOTE(sent), sent);

    IF entries IS NULL OR entries = '' THEN
        RETURN JSON_ARRAY();
    END IF;

    IF NOT JSON_VALID(entries) THEN
        RETURN NULL;
    END IF;

    -- each is read from the beginning: many of them would take the server
    IF JSON_TYPE(entries) <> 'ARRAY' OR JSON_LENGTH(entries) > 100 THEN
        RETURN NULL;
    END IF;

    -- no name of a picture is longer
    WHILE i < JSON_LENGTH(entries) DO
        IF CHAR_LENGTH(offerImageName(
               JSON_EXTRACT(entries, CONCAT('$[', i, ']')))) > 2048
        THEN
            RETURN NULL;
        END IF;

        SET i = i + 1;
    END WHILE;

    RETURN offerImagesOf(entries);
END$$


DROP FUNCTION IF EXISTS `phoneDigits`$$
CREATE FUNCTION `phoneDigits`(
    s TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    RETURNS TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'the digits of a phone number'
RETURN REGEXP_REPLACE(s, '[^0-9]', '')$$

DELIMITER ;
