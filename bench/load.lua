-- Copyright (C) the project authors
--
-- What wrk asks, and one line "result …" of what it saw.
--
--   wrk … -s load.lua URL              the path of the URL again and again
--   wrk … -s load.lua URL -- OFFERS    /offers/ID with random ids up to OFFERS

local requests = {}

function init(args)
    local offers = tonumber(args[1] or "")

    if not offers then
        return
    end

    -- made before the run, so that they cost nothing in it
    math.randomseed(42)

    for i = 1, 4096 do
        local path = "/offers/" .. math.random(1, offers)
        requests[i] = wrk.format("GET", path)
    end

    local i = 0

    request = function()
        i = i % #requests + 1
        return requests[i]
    end
end

function done(summary, latency)
    local e = summary.errors

    io.write(string.format(
        "result %d %.0f %.0f %.0f %d\n",
        summary.requests,
        summary.requests / (summary.duration / 1000000),
        latency:percentile(50),
        latency:percentile(99),
        e.connect + e.read + e.write + e.status + e.timeout))
end
