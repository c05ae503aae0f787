import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Geography } from './geography.js';
import { PostcodeDirectory } from './postcode-directory.js';
import { normalPostcode } from './postcode-form.js';

const read = (text: string, chunk = 7): Promise<PostcodeDirectory> => {
  const bytes = Buffer.from(text);
  return PostcodeDirectory.read(
    (async function* chunks() {
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
    })(),
    'postcodes.csv',
  );
};

describe('PostcodeDirectory', () => {
  it('finds the invented postcodes that ship, in real districts of known authorities', async () => {
    const directory = await PostcodeDirectory.load();
    const geography = Geography.load();
    expect(directory.size).toBeGreaterThanOrEqual(100);
    expect(directory.skipped).toBe(3);
    expect(directory.find('za1 1aa')).toEqual({ district: 'E08000001', ward: 'E05999002' });
    expect(directory.find('ZA11AA')).toEqual({ district: 'E08000001', ward: 'E05999002' });
    const authorities = new Set<string>();
    for (let area = 1; area <= 56; area += 1) {
      const place = directory.find(`ZA${area} 1AA`);
      for (const { id } of geography.authoritiesOf(place?.district ?? '', '2026-01-01')) authorities.add(id);
    }
    for (const id of ['E47000001', 'E47000007', 'E47000014', 'E10000016', 'ctw-kent-and-medway', 'E10000011', 'E10000029', 'ctw-west-london', 'W06000015']) {
      expect(authorities).toContain(id);
    }
  });

  it('does not know terminated postcodes, those without a district, and what is none', async () => {
    const directory = await PostcodeDirectory.load();
    for (const postcode of ['ZA1 3AA', 'ZA98 1AA', 'ZA1 9ZZ', 'ZZ99 9ZZ', 'unknown', '']) expect(directory.find(postcode)).toBeNull();
  });

  it.each([
    ['ONSPD', 'pcd,pcds,doterm,oslaua,osward'],
    ['ONSPD of 2025', 'PCD7,PCDS,DOTERM,LAD25CD,WD25CD'],
    ['NSPL', '\ufeffpcd,pcds,doterm,laua,ward'],
  ])('reads the columns of the %s', async (_, header) => {
    const directory = await read(`${header}\r\n"ZA1 1AA","ZA1 1AA","",E08000001,E05999001\r\n`);
    expect(directory.find('ZA1 1AA')).toEqual({ district: 'E08000001', ward: 'E05999001' });
  });

  it('reads the padded postcode where the spaced one is missing, and pseudo wards as none', async () => {
    const directory = await read('pcd2,doterm,oslaua,osward\nZA1  1AA,,E08000001,E99999999\nZA101AA,,E99999999,\n');
    expect(directory.find('ZA1 1AA')).toEqual({ district: 'E08000001', ward: null });
    expect(directory.find('ZA10 1AA')).toBeNull();
  });

  it('takes a repeated row once and refuses two places for one postcode', async () => {
    const header = 'pcds,doterm,oslaua,osward\n';
    expect((await read(`${header}ZA1 1AA,,E08000001,\nZA1 1AA,,E08000001,\n`)).size).toBe(1);
    await expect(read(`${header}ZA1 1AA,,E08000001,\nZA1 1AA,,E08000002,\n`)).rejects.toMatchObject({ code: 'DUPLICATE' });
  });

  it.each([
    ['pcds,doterm,osward\nZA1 1AA,,E05999001\n', 'MISSING_COLUMN'],
    ['pcds,doterm,oslaua,osward\nZA1 1AA,200001,E08000001,E05999001\n', 'NO_POSTCODES'],
    ['pcds,doterm,oslaua,osward\nZA1 1AA,,E08000001\n', 'UNREADABLE'],
    ['', 'NO_POSTCODES'],
  ])('refuses %j: %s', async (text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code, remedy: expect.stringMatching(/./) });
  });

  it('names a file that is not there', async () => {
    await expect(PostcodeDirectory.load('/no/such/file.csv')).rejects.toMatchObject({ code: 'UNREADABLE', place: '/no/such/file.csv' });
  });

  it('keeps every row of a file of many', async () => {
    const codes = Array.from({ length: 5000 }, (_, at) => `ZA${(at % 99) + 1} ${Math.floor(at / 99) % 10}${'ABDEFG'[Math.floor(at / 990)]}A`);
    const directory = await read(`pcds,doterm,oslaua,osward\n${codes.map((code, at) => `${code},,E${at},\n`).join('')}`, 4096);
    expect(directory.size).toBe(5000);
    expect(codes.every((code, at) => directory.find(code)?.district === `E${at}`)).toBe(true);
  });

  it('finds what a map would, for any file', async () => {
    const letters = 'ABDEFGHJLNPQRSTUWXYZ';
    const postcode = fc
      .tuple(fc.constantFrom('A', 'ZA', 'B', 'ZB'), fc.constantFrom('1', '10', '99', '1A', '1B'), fc.integer({ min: 0, max: 9 }), fc.constantFrom(...letters), fc.constantFrom(...letters))
      .map(([area, district, sector, one, two]) => `${area}${district} ${sector}${one}${two}`);
    const rows = fc.uniqueArray(fc.tuple(postcode, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 1,
      maxLength: 3000,
      selector: ([text]) => normalPostcode(text),
    });
    await fc.assert(
      fc.asyncProperty(rows, fc.array(postcode), async (lines, others) => {
        const places = new Map(lines.map(([text, district, ward]) => [text, { district: `E${district}`, ward: ward === 0 ? null : `W${ward}` }]));
        const text = lines.map(([code, district, ward]) => `${code},,E${district},${ward === 0 ? '' : `W${ward}`}\n`).join('');
        const directory = await read(`pcds,doterm,oslaua,osward\n${text}`, 1000);
        expect(directory.size).toBe(lines.length);
        for (const code of [...places.keys(), ...others]) expect(directory.find(code)).toEqual(places.get(code) ?? null);
      }),
      { numRuns: 50 },
    );
  });
});
