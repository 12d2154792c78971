-- The cache inside Redis, where no other client comes in between. sqlite_state.py does the same in SQL.
--
-- KEYS: the hash of counters; its name before "counters" begins the names of everything else. They are all in one
-- slot of a cluster. ARGV: what to do, the time or '' for Redis's own, then what each action needs. Times are whole
-- microseconds; doubles hold them exactly until the year 2255.

local COUNTERS = KEYS[1]
local ROOT = string.gsub(COUNTERS, 'counters$', '')
local ABOUT = ROOT .. 'about' -- key → size and tags, of what is stored
local BY_END, BY_AGE = ROOT .. 'by_end', ROOT .. 'by_age' -- keys by the time until which they are kept; by when they came
local LEASE, SKEW = 5000000, 60000000
local REFUSALS_KEPT_MILLISECONDS = 60000

local function now()
  if ARGV[2] ~= '' then return tonumber(ARGV[2]) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local function number(value) return string.format('%.0f', value) end
local function entry_of(key) return ROOT .. 'entry:' .. key end
local function fill_of(key) return ROOT .. 'fill:' .. key end
local function tag_of(tag) return ROOT .. 'tag:' .. tag end

local function forget(key)
  local about = redis.call('HGET', ABOUT, key)
  if not about then return 0 end
  about = cjson.decode(about)
  for _, tag in ipairs(about.tags) do redis.call('SREM', tag_of(tag), key) end
  redis.call('HINCRBY', COUNTERS, 'bytes', -about.size)
  redis.call('HDEL', ABOUT, key)
  redis.call('ZREM', BY_END, key)
  redis.call('ZREM', BY_AGE, key)
  redis.call('DEL', entry_of(key))
  return 1
end

local actions = {}

-- ARGV: key, lease that was waited for, lease to take. Returns what it is, body of what is stored, its two times,
-- the time, then the lease or the refusal.
function actions.look()
  local at, key, awaited = now(), ARGV[3], ARGV[4]
  local entry = redis.call('HMGET', entry_of(key), 'body', 'stored_at', 'fresh_until', 'kept_until')
  local is_there = entry[1] and at < tonumber(entry[4])
  local function sight(what, more)
    if is_there then return {what, entry[1], entry[2], entry[3], number(at), more} end
    return {what, false, '0', '0', number(at), more}
  end
  if is_there and at < tonumber(entry[3]) and tonumber(entry[2]) <= at + SKEW then
    redis.call('HINCRBY', COUNTERS, 'hits', 1)
    return sight('entry', '')
  end
  local fill = redis.call('HMGET', fill_of(key), 'lease', 'until', 'refusal', 'held_until')
  if fill[3] and (fill[1] == awaited or at < tonumber(fill[4])) then
    redis.call('HINCRBY', COUNTERS, 'misses', 1)
    return sight('refused', fill[3])
  end
  local last = tonumber(fill[2] or 0)
  if at < last and last <= at + LEASE + SKEW then return sight('theirs', fill[1]) end
  redis.call('DEL', fill_of(key))
  redis.call('HSET', fill_of(key), 'lease', ARGV[5], 'until', number(at + LEASE),
    'epoch', redis.call('HGET', COUNTERS, 'epoch') or '0')
  redis.call('PEXPIRE', fill_of(key), (LEASE + SKEW) / 1000)
  redis.call('HINCRBY', COUNTERS, 'misses', 1)
  return sight('ours', ARGV[5])
end

-- ARGV: key, lease or '', body, size, fresh for, kept for, most bytes, largest size, tags as JSON.
function actions.store()
  local at, key, lease = now(), ARGV[3], ARGV[4]
  local size, most = tonumber(ARGV[6]), tonumber(ARGV[9])
  if lease ~= '' then
    local fill = redis.call('HMGET', fill_of(key), 'lease', 'epoch')
    if fill[1] ~= lease then return end
    redis.call('DEL', fill_of(key))
    if fill[2] ~= (redis.call('HGET', COUNTERS, 'epoch') or '0') then return end
  end
  forget(key)
  if size > tonumber(ARGV[10]) then return end
  local tags = cjson.decode(ARGV[11])
  local kept_for = tonumber(ARGV[8])
  redis.call('HSET', entry_of(key), 'body', ARGV[5], 'stored_at', number(at),
    'fresh_until', number(at + tonumber(ARGV[7])), 'kept_until', number(at + kept_for))
  redis.call('PEXPIRE', entry_of(key), number(math.ceil(kept_for / 1000)))
  redis.call('HSET', ABOUT, key, cjson.encode({size = size, tags = tags}))
  redis.call('ZADD', BY_END, number(at + kept_for), key)
  redis.call('ZADD', BY_AGE, number(at), key)
  for _, tag in ipairs(tags) do redis.call('SADD', tag_of(tag), key) end
  local bytes = redis.call('HINCRBY', COUNTERS, 'bytes', size)
  while bytes > most do
    local oldest = redis.call('ZRANGE', BY_AGE, 0, 0)
    if not oldest[1] then return end
    forget(oldest[1])
    bytes = tonumber(redis.call('HGET', COUNTERS, 'bytes'))
  end
end

-- ARGV: key, lease, refusal, held for.
function actions.refuse()
  local fill = fill_of(ARGV[3])
  if redis.call('HGET', fill, 'lease') ~= ARGV[4] then return end
  local held_for = tonumber(ARGV[6])
  redis.call('HSET', fill, 'until', '0', 'refusal', ARGV[5], 'held_until', number(now() + held_for))
  redis.call('PEXPIRE', fill, number(math.max(REFUSALS_KEPT_MILLISECONDS, math.ceil(held_for / 1000))))
end

-- ARGV: key, lease.
function actions.release()
  if redis.call('HGET', fill_of(ARGV[3]), 'lease') == ARGV[4] then redis.call('DEL', fill_of(ARGV[3])) end
end

-- ARGV: keys and leases in turn.
function actions.renew()
  local at = now()
  for place = 3, #ARGV, 2 do
    local fill = fill_of(ARGV[place])
    if redis.call('HGET', fill, 'lease') == ARGV[place + 1] then
      redis.call('HSET', fill, 'until', number(at + LEASE))
      redis.call('PEXPIRE', fill, (LEASE + SKEW) / 1000)
    end
  end
end

function actions.count_miss() redis.call('HINCRBY', COUNTERS, 'misses', 1) end

-- What is being filled now began before the removal: it carries an older epoch, and won't be kept.
function actions.begin_removal() redis.call('HINCRBY', COUNTERS, 'epoch', 1) end

-- ARGV: keys. Returns how many there were.
function actions.remove()
  local removed = 0
  for place = 3, #ARGV do removed = removed + forget(ARGV[place]) end
  return removed
end

-- ARGV: tag. Returns how many keys it had.
function actions.remove_tagged()
  local removed = 0
  for _, key in ipairs(redis.call('SMEMBERS', tag_of(ARGV[3]))) do removed = removed + forget(key) end
  return removed
end

-- ARGV: tag. Returns how many keys it has.
function actions.expire_tagged()
  local at, expired = number(now()), 0
  for _, key in ipairs(redis.call('SMEMBERS', tag_of(ARGV[3]))) do
    if redis.call('EXISTS', entry_of(key)) == 1 then
      redis.call('HSET', entry_of(key), 'fresh_until', at)
      expired = expired + 1
    end
  end
  return expired
end

-- ARGV: how many at most. Returns how many were removed.
function actions.sweep()
  local ended = redis.call('ZRANGEBYSCORE', BY_END, '-inf', number(now()), 'LIMIT', 0, ARGV[3])
  for _, key in ipairs(ended) do forget(key) end
  return #ended
end

-- Returns how many keys are there, hits, misses and bytes.
function actions.stats()
  local counters = redis.call('HMGET', COUNTERS, 'hits', 'misses', 'bytes')
  local keys = redis.call('ZCOUNT', BY_END, '(' .. number(now()), '+inf')
  return {keys, tonumber(counters[1] or 0), tonumber(counters[2] or 0), tonumber(counters[3] or 0)}
end

-- Returns the time.
function actions.time() return number(now()) end

return actions[ARGV[1]]()
