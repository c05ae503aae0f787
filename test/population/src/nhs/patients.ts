import { plusDays } from '../calendar.js';
import type { Day } from '../calendar.js';
import { withExchangedDigits, withWrongCheckDigit } from '../identifiers.js';
import { homeAt, surnameAt } from '../life.js';
import type { Life } from '../life.js';
import { misspelled, respelled } from '../names.js';
import { randomOf } from '../random.js';
import type { Untidiness } from '../untidiness.js';
import type { PatientView } from './bars-message.js';

/** A person as a practice has them registered that day; slips are the practice's and stay the same from message to message. */
export function registered(life: Life, day: Day, seed: string, untidiness: Untidiness): PatientView {
  const random = randomOf(seed, 'nhs registration', life.person);
  const has = (share: number): boolean => random.chance(share);
  const [respells, misspells, noNumber, badNumber, noPostcode, badBirth] = [
    has(untidiness.respelled),
    has(untidiness.misspelled),
    has(untidiness.missingIdentifier),
    has(untidiness.wrongCheck),
    has(untidiness.missingIdentifier),
    has(untidiness.misspelled / 2),
  ];
  const surname = surnameAt(life, day);
  const home = homeAt(life, day).postcode;
  const before = homeAt(life, plusDays(day, -200)).postcode;
  return {
    nhsNumber: noNumber ? null : badNumber ? withWrongCheckDigit(life.nhsNumber) : life.nhsNumber,
    family: respells ? respelled(surname, random) : misspells ? misspelled(surname) : surname,
    given: life.firstName,
    birthDate: badBirth ? `${life.dateOfBirth.slice(0, 8)}01` : life.dateOfBirth,
    postcode: noPostcode ? null : home,
    oldPostcode: before === home ? null : before,
    gender: life.sex === 'F' ? 'female' : 'male',
  };
}

/** A number that fails its check, for a message that a later one puts right. */
export const mistypedNhsNumber = (nhsNumber: string): string => withExchangedDigits(nhsNumber);
