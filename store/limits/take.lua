-- limit.py, inside Redis, where no other client comes in between. A test holds the two against each other.
--
-- KEYS: the counters. ARGV: the time or '' for Redis's own, then amount, period, interval and burst of each. Times are
-- whole microseconds; doubles hold them exactly until the year 2255. Returns remaining, wait and reset of each.

local function now()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local at, records, refused = now(), {}, false

for place, key in ipairs(KEYS) do
  local first = place * 4 - 2
  local row = redis.call('HMGET', key, 'used', 'until')
  local record = {
    used = tonumber(row[1] or 0), till = tonumber(row[2] or 0), wait = 0,
    amount = tonumber(ARGV[first]), period = tonumber(ARGV[first + 1]),
    interval = tonumber(ARGV[first + 2]), burst = tonumber(ARGV[first + 3]),
  }
  if record.burst > 0 then
    local capacity = record.burst * record.interval
    record.used = 0
    if not (at < record.till and record.till <= at + capacity) then record.till = at end
    record.wait = math.max(0, record.till + record.interval - capacity - at)
  elseif not (at < record.till and record.till <= at + record.period) then
    record.used, record.till = 0, at + record.period
  elseif record.used >= record.amount then
    record.wait = record.till - at
  end
  refused = refused or record.wait > 0
  records[place] = record
end

local standings = {}
for place, record in ipairs(records) do
  if not refused then
    if record.burst > 0 then record.till = record.till + record.interval else record.used = record.used + 1 end
    redis.call('HSET', KEYS[place], 'used', record.used, 'until', string.format('%.0f', record.till))
    redis.call('PEXPIRE', KEYS[place], math.ceil((record.till - at) / 1000) + 60000)
  end
  local remaining = record.amount - record.used
  if record.burst > 0 then remaining = record.burst - math.ceil((record.till - at) / record.interval) end
  table.insert(standings, { math.max(0, remaining), record.wait, math.max(0, record.till - at) })
end
return standings
