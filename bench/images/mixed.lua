-- Copyright (C) the project authors
--
-- wrk ... -s mixed.lua URL -- FILES: pictures of many sizes, shapes and
-- formats.

local files, n = 1, 0
local formats = { "jpg", "webp", "png", "webp", "jpg", "gif", "json",
                  "blurhash" }
local shapes = { "", "&h=200&fit=cover", "&h=200&fit=cover&g=attention",
                 "&h=300&fit=contain", "&rot=90", "&blur=3", "&sharp=1",
                 "&crop=100,100,1000,800" }

function init(args)
    files = tonumber(args[1])
end

function request()
    n = n + 1

    return wrk.format("GET", "/photo/" .. n % files .. ".jpg?w="
        .. 40 + n * 7 % 300 .. "&fm=" .. formats[n % #formats + 1]
        .. shapes[n % 13 % #shapes + 1])
end
