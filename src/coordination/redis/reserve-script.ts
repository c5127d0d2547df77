import { type Demand, SLICES, SLOT_TTL_MS } from '../coordination.ts';
import type { Script } from './redis-connection.ts';

/**
 * Both run on the server's clock, so that replicas whose clocks differ count alike. Each demand comes as four arguments
 * behind its key: kind, amount, limit (-1: none), and the length of its window, the end of its period or the life of its
 * slot. What is taken is counted as in process/counters.ts.
 */
const CLOCK = `local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/** [1 or 0, index of the demand that did not fit, milliseconds until it may, now, and for each demand: used, reset]. */
export const RESERVE: Script = {
  name: 'reserve',
  text: `
${CLOCK}
local member = ARGV[1]
local granted, denied, retry = 1, 0, 0
local levels = {}
local function window(key, span, needed)
  local slice = span / ${SLICES}
  local oldest = math.floor(now / slice) - ${SLICES}
  local used, last, filled = 0, nil, {}
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local number, amount = tonumber(all[i]), tonumber(all[i + 1])
    if number < oldest then redis.call('HDEL', key, all[i])
    elseif amount > 0 then
      used = used + amount
      filled[#filled + 1] = { number, amount }
      if not last or number > last then last = number end
    end
  end
  local leaves = function(number) return math.ceil((number + ${SLICES + 1}) * slice - now) end
  local fits = function(excess)
    table.sort(filled, function(a, b) return a[1] < b[1] end)
    local freed = 0
    for _, one in ipairs(filled) do
      freed = freed + one[2]
      if freed >= excess then return leaves(one[1]) end
    end
    return 0
  end
  return used, last and leaves(last) or 0, fits
end
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 4
  local kind, amount, limit, extra = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local used, reset, fits = 0, 0, nil
  if kind == 'window' then used, reset, fits = window(key, extra)
  elseif kind == 'period' then
    used = tonumber(redis.call('GET', key) or '0')
    local left = math.max(0, extra - now)
    reset = used > 0 and left or 0
    fits = function() return left end
  else
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
    used = redis.call('ZCARD', key)
    fits = function() return 0 end
  end
  if granted == 1 and limit >= 0 and used + amount > limit then
    granted, denied, retry = 0, i, fits(used + amount - limit)
  end
  levels[i] = { used, reset }
end
local answer = { granted, denied, retry, now }
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 4
  local kind, amount, extra = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 3])
  local used, reset = levels[i][1], levels[i][2]
  if granted == 1 then
    used = used + amount
    if kind == 'slot' then
      redis.call('ZADD', key, now + extra, member)
      redis.call('PEXPIRE', key, extra)
    elseif kind == 'window' and amount > 0 then
      local slice = extra / ${SLICES}
      local number = math.floor(now / slice)
      local life = math.ceil((number + ${SLICES + 1}) * slice - now)
      redis.call('HINCRBY', key, string.format('%.0f', number), string.format('%.0f', amount))
      redis.call('PEXPIRE', key, life)
      reset = life
    elseif kind == 'period' and amount > 0 and extra > now then
      redis.call('INCRBY', key, string.format('%.0f', amount))
      redis.call('PEXPIREAT', key, string.format('%.0f', extra))
      reset = extra - now
    end
  end
  answer[#answer + 1] = used
  answer[#answer + 1] = reset
end
return answer
`,
};

/** Corrects what was taken at ARGV[2], and gives slots back. The amount is what is to be added, and may be negative. */
export const END: Script = {
  name: 'end',
  text: `
${CLOCK}
local member, taken = ARGV[1], tonumber(ARGV[2])
for i, key in ipairs(KEYS) do
  local at = 3 + (i - 1) * 4
  local kind, amount, extra = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 3])
  if kind == 'slot' then redis.call('ZREM', key, member)
  elseif amount ~= 0 and kind == 'window' then
    local slice = extra / ${SLICES}
    local number = math.floor(taken / slice)
    local life = math.ceil((number + ${SLICES + 1}) * slice - now)
    if life > 0 then
      local field = string.format('%.0f', number)
      local sum = redis.call('HINCRBY', key, field, string.format('%.0f', amount))
      if sum < 0 then redis.call('HSET', key, field, '0') end
      if redis.call('PTTL', key) < life then redis.call('PEXPIRE', key, life) end
    end
  elseif amount ~= 0 and kind == 'period' and extra > now then
    if redis.call('INCRBY', key, string.format('%.0f', amount)) < 0 then redis.call('SET', key, '0') end
    redis.call('PEXPIREAT', key, string.format('%.0f', extra))
  end
end
return 1
`,
};

export const amountOf = (demand: Demand): number => (demand.kind === 'slot' ? 1 : demand.amount);

/** The four arguments of a demand. */
export function demandArguments(demand: Demand, amount: number): readonly string[] {
  const extra = demand.kind === 'window' ? demand.windowMs : demand.kind === 'period' ? demand.endsAt : SLOT_TTL_MS;
  return [demand.kind, String(amount), String(demand.limit ?? -1), String(extra)];
}
