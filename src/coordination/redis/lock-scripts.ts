import type { Script } from './redis-connection.ts';

/**
 * KEYS: the lock, its line, the fence. ARGV: token, life of the lock, how long a place in the line lasts that is not
 * asked for again. The line is in the order of arrival, so that no process is passed over. Gives the fence, or 0.
 */
export const ACQUIRE: Script = {
  name: 'acquire',
  text: `
local t = redis.call('TIME'); local micros = t[1] * 1000000 + t[2]; local now = math.floor(micros / 1000)
local lock, line, fence = KEYS[1], KEYS[2], KEYS[3]
local seen = line .. ':seen'
local token, life, patience = ARGV[1], ARGV[2], tonumber(ARGV[3])
for _, waiter in ipairs(redis.call('ZRANGE', line, 0, -1)) do
  local at = tonumber(redis.call('HGET', seen, waiter) or '0')
  if now - at > patience then redis.call('ZREM', line, waiter); redis.call('HDEL', seen, waiter) end
end
local first = redis.call('ZRANGE', line, 0, 0)[1]
if redis.call('EXISTS', lock) == 0 and (not first or first == token) then
  redis.call('ZREM', line, token); redis.call('HDEL', seen, token)
  redis.call('SET', lock, token, 'PX', life)
  local last = tonumber(redis.call('GET', fence) or '0')
  local value = string.format('%.0f', math.max(last + 1, micros))
  redis.call('SET', fence, value)
  return value
end
redis.call('ZADD', line, 'NX', micros, token)
redis.call('HSET', seen, token, now)
redis.call('PEXPIRE', line, patience * 2); redis.call('PEXPIRE', seen, patience * 2)
return '0'
`,
};

/** 1: the lock is still ours. One that has vanished, with a server that lost its memory, is taken again. */
export const RENEW: Script = {
  name: 'renew',
  text: `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`,
};

/** KEYS: the lock, its line. ARGV: token, channel. Leaves the line or gives the lock back, and wakes who waits. */
export const RELEASE: Script = {
  name: 'release',
  text: `
redis.call('ZREM', KEYS[2], ARGV[1]); redis.call('HDEL', KEYS[2] .. ':seen', ARGV[1])
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if redis.call('ZCARD', KEYS[2]) > 0 then redis.call('PUBLISH', ARGV[2], KEYS[1]) end
return 1
`,
};
