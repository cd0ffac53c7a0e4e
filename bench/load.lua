-- Copyright (C) the project authors
--
-- What wrk asks, and one line "result …" of what it saw.
--
--   wrk … -s load.lua URL               the path of the URL again and again
--   wrk … -s load.lua URL -- OFFERS     /offers/ID with random ids up to OFFERS
--   wrk … -s load.lua URL -- orders FILE
--                                       POST /orders of one portion, for each
--                                       line of FILE: an offer's id, a token

-- made before the run, so that they cost nothing in it
local requests = {}

local function details(offers)
    math.randomseed(42)

    for i = 1, 4096 do
        local path = "/offers/" .. math.random(1, offers)
        requests[i] = wrk.format("GET", path)
    end
end

local function orders(file)
    for line in io.lines(file) do
        local offer, token = line:match("(%d+) (%S+)")
        requests[#requests + 1] = wrk.format("POST", "/orders", {
            ["Host"] = wrk.headers["Host"],
            ["Content-Type"] = "application/json",
            ["Authorization"] = "Bearer " .. token,
        }, '{"offerId":' .. offer .. ',"quantity":1}')
    end
end

function init(args)
    if args[1] == "orders" then
        orders(args[2])
    elseif args[1] then
        details(tonumber(args[1]))
    else
        return
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
