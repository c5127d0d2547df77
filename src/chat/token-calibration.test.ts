import { describe, expect, test } from 'vitest';
import { TokenCalibration } from './token-calibration.ts';

const report = (estimate: number, reported: number, bytes = estimate * 4) => ({ estimate, reported, bytes });

describe('TokenCalibration', () => {
  test('an unknown model is taken as estimated', () => {
    expect(new TokenCalibration().correct('m', 1_000)).toBe(1_000);
  });

  test('learns a factor and what is added to every prompt, for each model apart', () => {
    const tokens = new TokenCalibration();
    for (const estimate of [10, 40, 90, 2_000, 5_000, 9_000, 30, 3_000]) {
      tokens.learn('m', report(estimate, Math.round(90 + estimate * 1.2)));
    }
    for (const estimate of [20, 1_000, 50_000]) {
      const real = 90 + estimate * 1.2;
      expect(Math.abs(tokens.correct('m', estimate) / real - 1)).toBeLessThan(0.03);
    }
    expect(tokens.correct('other', 1_000)).toBe(1_000);
  });

  test('nonsense does not lead astray', () => {
    const tokens = new TokenCalibration();
    for (let turn = 0; turn < 15; turn++) tokens.learn('m', report(1_000, turn % 3 === 0 ? 900_000 : 1_100));
    expect(tokens.correct('m', 1_000)).toBeCloseTo(1_100, -1);
    for (let turn = 0; turn < 50; turn++) tokens.learn('m', report(1_000, 900_000));
    expect(tokens.correct('m', 1_000)).toBeLessThanOrEqual(2_500);
    tokens.learn('n', report(1_000, 0));
    tokens.learn('n', report(Number.NaN, 5));
    expect(tokens.correct('n', 1_000)).toBe(1_000);
  });

  test('forgets what was long ago', () => {
    const tokens = new TokenCalibration();
    for (let turn = 0; turn < 50; turn++) tokens.learn('m', report(1_000, 2_000));
    for (let turn = 0; turn < 15; turn++) tokens.learn('m', report(1_000, 1_000));
    expect(tokens.correct('m', 1_000)).toBe(1_000);
  });

  test('learns from the first answers and then from one a second', () => {
    const tokens = new TokenCalibration();
    const due = Array.from({ length: 3_216 }, (_, turn) => tokens.isDue('m', turn * 10)).filter(Boolean).length;
    expect(due).toBe(16 + 32);
    expect([tokens.isDue('m', 40_000), tokens.isDue('m', 40_999), tokens.isDue('n', 40_999)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('holds a bounded number of models', () => {
    const tokens = new TokenCalibration();
    for (let model = 0; model < 1_000; model++) tokens.learn(`m${model}`, report(1_000, 2_000));
    expect([tokens.correct('m0', 1_000), tokens.correct('m999', 1_000)]).toEqual([1_000, 2_000]);
  });

  test('guesses by the length of the body', () => {
    const tokens = new TokenCalibration();
    expect(tokens.ofBytes('m', 4_000)).toBe(1_000);
    for (let turn = 0; turn < 3; turn++) tokens.learn('m', report(1_000, 1_000, 2_000));
    expect(tokens.ofBytes('m', 4_000)).toBe(2_000);
  });
});
