-- calendar.py, inside Redis, where no other client comes in between. A test holds the two against each other.
--
-- KEYS: the house's own hash, then the calendars. ARGV: what to do, the time or '' for Redis's own, how long all
-- buckets stay empty when Redis lost its memory, then what each action needs. Times are whole microseconds; doubles
-- hold them exactly until the year 2255.

local KEPT, JITTER = 2000000, 1000000
local IDLE_MILLISECONDS = 3600000

local HOUSE, GRACE = KEYS[1], tonumber(ARGV[3])

local function now()
  if ARGV[2] ~= '' then return tonumber(ARGV[2]) end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local function number(value) return string.format('%.0f', value) end

-- Redis forgets at a restart, or wakes up with old calendars: every bucket is then empty for a while.
local function lowest(at)
  local known = redis.call('HGET', HOUSE, 'floor')
  if known then return tonumber(known) end
  redis.call('HSET', HOUSE, 'floor', number(at + GRACE))
  return at + GRACE
end

local function read(key)
  local row = redis.call('HMGET', key, 'due', 'held_until', 'seen_at', 'slots')
  local calendar = {
    key = key,
    due = tonumber(row[1] or 0),
    held_until = tonumber(row[2] or 0),
    seen_at = tonumber(row[3] or 0),
    slots = {},
  }
  for slot in string.gmatch(row[4] or '', '%-?%d+') do table.insert(calendar.slots, tonumber(slot)) end
  return calendar
end

local function write(calendar)
  local slots = {}
  for place, slot in ipairs(calendar.slots) do slots[place] = number(slot) end
  redis.call('HSET', calendar.key, 'due', number(calendar.due), 'held_until', number(calendar.held_until),
    'seen_at', number(calendar.seen_at), 'slots', table.concat(slots, ' '))
  local last = math.max(calendar.due, calendar.held_until, calendar.slots[#calendar.slots] or 0)
  local idle = math.max(0, last - calendar.seen_at) / 1000 + IDLE_MILLISECONDS
  redis.call('PEXPIRE', calendar.key, number(idle))
end

local function follow_clock(calendar, at)
  local gap = calendar.seen_at - at
  if gap <= JITTER then return end
  calendar.due = calendar.due - gap
  calendar.held_until = calendar.held_until - gap
  calendar.seen_at = at
  for place, slot in ipairs(calendar.slots) do calendar.slots[place] = slot - gap end
end

local function forget_past(calendar, at)
  local horizon = math.max(at - KEPT, calendar.held_until)
  while calendar.slots[1] and calendar.slots[1] < horizon do
    calendar.due = math.max(calendar.due, table.remove(calendar.slots, 1)) + calendar.interval
  end
  calendar.due = math.max(calendar.due, calendar.held_until + calendar.tolerance)
end

local function earliest(calendar, at)
  local slots, interval, tolerance = calendar.slots, calendar.interval, calendar.tolerance
  local due, spare = {calendar.due}, {}
  for place, slot in ipairs(slots) do due[place + 1] = math.max(due[place], slot) + interval end
  for place = #slots, 1, -1 do
    spare[place] = slots[place] + tolerance - due[place]
    if spare[place + 1] then
      spare[place] = math.min(spare[place], spare[place + 1] + math.max(0, slots[place] - due[place]))
    end
  end
  for place, slot in ipairs(slots) do
    local candidate = math.max(at, due[place] - tolerance)
    if candidate <= slot and math.max(due[place], candidate) + interval - due[place] <= spare[place] then
      return candidate
    end
    at = math.max(at, slot)
  end
  return math.max(at, due[#due] - tolerance)
end

local function first_common(calendars, at)
  while true do
    local later = at
    for _, calendar in ipairs(calendars) do later = math.max(later, earliest(calendar, at)) end
    if later == at then return at end
    at = later
  end
end

local function enter(calendar, slot)
  local place = #calendar.slots + 1
  while place > 1 and calendar.slots[place - 1] > slot do place = place - 1 end
  table.insert(calendar.slots, place, slot)
end

local function place_of(calendar, wanted)
  for place, slot in ipairs(calendar.slots) do
    if slot == wanted then return place end
  end
end

local actions = {}

-- ARGV: interval and tolerance of each calendar. Returns the slot, and the time.
function actions.book()
  local at, calendars = now(), {}
  local asked_at, floor = at, lowest(at)
  for place = 2, #KEYS do
    local calendar = read(KEYS[place])
    calendar.interval = tonumber(ARGV[place * 2])
    calendar.tolerance = tonumber(ARGV[place * 2 + 1])
    follow_clock(calendar, at)
    table.insert(calendars, calendar)
  end
  for _, calendar in ipairs(calendars) do at = math.max(at, calendar.seen_at) end
  for _, calendar in ipairs(calendars) do
    calendar.seen_at = at
    calendar.held_until = math.max(calendar.held_until, floor)
    forget_past(calendar, at)
  end
  local slot = first_common(calendars, at)
  for _, calendar in ipairs(calendars) do
    enter(calendar, slot)
    write(calendar)
  end
  return {slot, asked_at}
end

-- ARGV: slot, patience. Returns 1 while all calendars let it pass.
function actions.stands()
  local at, slot, patience = now(), tonumber(ARGV[4]), tonumber(ARGV[5])
  local floor = lowest(at)
  for place = 2, #KEYS do
    local calendar = read(KEYS[place])
    local held_until = math.max(calendar.held_until, floor)
    if not place_of(calendar, slot) or held_until > at or at > slot + patience then return 0 end
  end
  return 1
end

-- ARGV: slot.
function actions.give_back()
  for place = 2, #KEYS do
    local calendar = read(KEYS[place])
    local found = place_of(calendar, tonumber(ARGV[4]))
    if found then
      table.remove(calendar.slots, found)
      write(calendar)
    end
  end
end

-- ARGV: how long.
function actions.hold()
  local at, calendar = now(), read(KEYS[2])
  follow_clock(calendar, at)
  calendar.seen_at = math.max(calendar.seen_at, at)
  calendar.held_until = math.max(calendar.held_until, at + tonumber(ARGV[4]))
  local past = {}
  for _, slot in ipairs(calendar.slots) do
    if slot <= at then table.insert(past, slot) end
  end
  calendar.slots = past
  write(calendar)
end

-- ARGV: the server's run id.
function actions.arrive()
  if redis.call('HGET', HOUSE, 'run') ~= ARGV[4] then
    redis.call('HSET', HOUSE, 'run', ARGV[4], 'floor', number(now() + GRACE))
  end
end

-- ARGV: our name, and how long a peer counts. KEYS[2] is the set of peers. Returns how many there are.
function actions.meet()
  local at = now()
  redis.call('ZADD', KEYS[2], number(at), ARGV[4])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', number(at - tonumber(ARGV[5])))
  redis.call('ZREMRANGEBYSCORE', KEYS[2], number(at + JITTER), '+inf')
  return redis.call('ZCARD', KEYS[2])
end

return actions[ARGV[1]]()
