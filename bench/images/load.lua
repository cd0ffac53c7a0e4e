-- Copyright (C) the project authors
--
-- wrk ... -s load.lua URL -- FILES QUERY: /photo/N.jpg?QUERY, one after the
-- other; with 0 files the path of the URL.  Prints "result N RATE ERRORS",
-- the rate in hundredths a second.

local files, query, n = 0, "", 0

function init(args)
    files = tonumber(args[1])
    query = args[2] or ""
end

function request()
    if files == 0 then
        return wrk.format("GET")
    end

    n = (n + 1) % files
    return wrk.format("GET", "/photo/" .. n .. ".jpg?" .. query)
end

function done(summary, latency)
    local e = summary.errors

    io.write(string.format("result %d %.0f %d\n", summary.requests,
        summary.requests * 100000000 / summary.duration,
        e.connect + e.read + e.write + e.status + e.timeout))
end
