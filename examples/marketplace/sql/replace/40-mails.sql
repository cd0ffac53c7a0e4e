-- Copyright (C) the project authors
--
-- The texts of mails.  Whatever people have typed is escaped here, and
-- nowhere else.

DELIMITER $$

DROP FUNCTION IF EXISTS `htmlText`$$
CREATE FUNCTION `htmlText`(
    s MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci)
    RETURNS MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'text for HTML, within quotes of attributes too'
RETURN REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(s,
           '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'),
           '''', '&#39;')$$


-- details: a JSON array of texts, or NULL; link: NULL for no button

DROP FUNCTION IF EXISTS `mailText`$$
CREATE FUNCTION `mailText`(
    title TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,
    body MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,
    details JSON,
    button TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,
    link TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci)
    RETURNS MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'a mail as plain text'
BEGIN
    DECLARE mail MEDIUMTEXT CHARACTER SET utf8mb4
        COLLATE utf8mb4_unicode_ci DEFAULT '';
    DECLARE i INT DEFAULT 0;

    SET mail = CONCAT(title, '\n\n', body, '\n');

    WHILE i < COALESCE(JSON_LENGTH(details), 0) DO
        SET mail = CONCAT(mail, IF(i = 0, '\n', ''), '- ',
            JSON_UNQUOTE(JSON_EXTRACT(details, CONCAT('$[', i, ']'))), '\n');
        SET i = i + 1;
    END WHILE;

    IF link <> '' THEN
        SET mail = CONCAT(mail, '\n', button, ': ', link, '\n');
    END IF;

    RETURN mail;
END$$


DROP FUNCTION IF EXISTS `mailHtml`$$
CREATE FUNCTION `mailHtml`(
    title TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,
    body MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,
    details JSON,
    button TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci,
    link TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci)
    RETURNS MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'a mail as HTML'
BEGIN
    DECLARE mail MEDIUMTEXT CHARACTER SET utf8mb4
        COLLATE utf8mb4_unicode_ci DEFAULT '';
    DECLARE i INT DEFAULT 0;

    SET mail = CONCAT('<!DOCTYPE html><html><body><h1>', htmlText(title),
                      '</h1><p>',
                      REPLACE(htmlText(body), '\n', '<br>'), '</p>');

    IF JSON_LENGTH(details) > 0 THEN
        SET mail = CONCAT(mail, '<ul>');

        WHILE i < JSON_LENGTH(details) DO
            SET mail = CONCAT(mail, '<li>', htmlText(JSON_UNQUOTE(
                JSON_EXTRACT(details, CONCAT('$[', i, ']')))), '</li>');
            SET i = i + 1;
        END WHILE;

        SET mail = CONCAT(mail, '</ul>');
    END IF;

    -- other schemes could run a script
    IF link REGEXP '^https?://' THEN
        SET mail = CONCAT(mail, '<p><a href="', htmlText(link), '">',
                          htmlText(button), '</a></p>');
    END IF;

    RETURN CONCAT(mail, '</body></html>');
END$$


DROP FUNCTION IF EXISTS `mailSubject`$$
CREATE FUNCTION `mailSubject`(
    s TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci)
    RETURNS TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
    DETERMINISTIC NO SQL SQL SECURITY INVOKER
    COMMENT 'a subject is one line'
RETURN REPLACE(REPLACE(s, '\r', ' '), '\n', ' ')$$

DELIMITER ;
