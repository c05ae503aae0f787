import { RedisScript } from '../redis-connection.js';
import { LuaUnknown } from './lua-syntax.js';
import { MemoryRedis } from './memory-redis.js';
import { storeSuite } from './store-suite.js';

const server = new MemoryRedis();
storeSuite(() => server.connect());

describe('a server in memory', () => {
  const run = (source: string, ...args: (string | Buffer)[]) => new MemoryRedis().run(new RedisScript('a script', source), [], args);

  it('begins anew with a copy, as another run of the server', async () => {
    const restarted = new MemoryRedis();
    const connection = restarted.connect();
    await connection.command('HSET', 'h', 'f', 'older');
    const copy = restarted.copy();
    const before = await connection.serverRun();
    await connection.command('HSET', 'h', 'f', 'newer');
    restarted.restart(copy);
    expect(String(await connection.command('HGET', 'h', 'f'))).toBe('older');
    expect(await connection.serverRun()).not.toBe(before);
    restarted.restart(null);
    expect(await connection.command('EXISTS', 'h')).toBe(0);
  });

  it('refuses as a server does', async () => {
    const connection = server.connect();
    await connection.command('SET', 'text', 'x');
    await expect(connection.command('HGET', 'text', 'f')).rejects.toMatchObject({ code: 'STORE_REFUSED', place: 'HGET' });
    await expect(connection.command('NOSUCH')).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await connection.command('DEL', 'text');
  });

  it.each([
    ['return 7 % 4 + 2 * 3', 9],
    ["local a, b = 1, 2 a, b = b, a return {a, b, 'é' .. a}", [2, 1, 'é2']],
    ["if not (1 < 2 and 'a' ~= 'b') then return 0 elseif 2 >= 3 or nil then return 1 else return -2 end", -2],
    ["local t = {} for i = 10, 1, -3 do t[#t + 1] = i end return table.concat(t, ',')", '10,7,4,1'],
    ["local n = 0 while true do n = n + 1 if n == 5 then break end end return n", 5],
    ["local function twice(f, x) return f(f(x)) end return twice(function(x) return x * 3 end, 2)", 18],
    ["local t = {a = 1, ['b'] = 2} local s = 0 for k, v in pairs(t) do s = s + v end return s", 3],
    ["return {string.sub('hello', 2, -2), string.byte('A'), string.rep('ab', 2), #'xyz'}", ['ell', 65, 'abab', 3]],
    ["return {struct.unpack('>I2c3i4B', struct.pack('>I2c3i4B', 515, 'abc', -2, 255))}", [515, 'abc', -2, 255, 11]],
    ["local t = {} t[#t + 1], t[#t + 2] = 'a', 'b' return t", ['a', 'b']],
    ["return {1, nil, 3}", [1]],
    ["return false", null],
  ])('reads Lua: %s', (source, expected) => {
    const plain = (reply: unknown): unknown => (Buffer.isBuffer(reply) ? reply.toString('utf8') : Array.isArray(reply) ? reply.map(plain) : reply);
    expect(plain(run(source))).toEqual(expected);
  });

  it('keeps every byte', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(run("return string.sub(ARGV[1], 1, -1) .. '\\0\\255'", bytes)).toEqual(Buffer.concat([bytes, Buffer.from([0, 255])]));
  });

  it.each(['x = 1', 'return setmetatable({}, {})', 'goto out', 'local a = [[text]]'])('says what it does not know: %s', (source) => {
    expect(() => run(source)).toThrow(LuaUnknown);
  });
});
