import { parse } from 'node-cron';
import type { Config } from '../config/schema.ts';
import { type Millis, millis } from '../kernel/time.ts';
import { nextRuns } from './next-runs.ts';

/** A value is withdrawn after this multiple of its schedule. */
const STALE_AFTER_PERIODS = 3;

/** The share of a round's period within which its hosts start, and its maximum in milliseconds. */
const SPREAD = 0.1;
const MAX_SPREAD = 10_000;

/** Runs to look at where hours differ: some days, as far as it is worth the time. */
const RUNS_OF_DAYS = 500;

/** When a loop runs, and what follows from it. */
export interface Schedule {
  /** A cron expression as node-cron reads it; empty: never. */
  readonly expression: string;
  /** The largest gap between two runs, in milliseconds; Infinity when it has fewer than two. */
  readonly period: Millis;
  /** Milliseconds after which what the loop found is no longer believed. */
  readonly limit: Millis;
}

export type Schedules = Readonly<Record<'discovery' | 'probe' | 'impostor' | 'reports', Schedule>>;

export function schedulesOf({ discovery, probe, reports }: Config): Schedules {
  return {
    discovery: scheduleOf(discovery.schedule),
    probe: scheduleOf(probe.enabled ? probe.schedule : ''),
    impostor: scheduleOf(probe.enabled ? probe.impostor_schedule : ''),
    reports: scheduleOf(reports.schedule),
  };
}

/** Milliseconds over which the starts of a round are spread. */
export function spreadOf({ period }: Schedule): Millis {
  return millis(Math.min(SPREAD * period, MAX_SPREAD));
}

export function scheduleOf(expression: string): Schedule {
  const period = millis(expression === '' ? Number.POSITIVE_INFINITY : periodOf(expression));
  return { expression, period, limit: millis(STALE_AFTER_PERIODS * period) };
}

function periodOf(expression: string): number {
  const times = nextRuns(expression, runsToTell(expression), Date.now());
  if (times.length < 2) return Number.POSITIVE_INFINITY;
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

/** If all hours are alike, one hour's runs and the first run of the next hour show every gap. */
function runsToTell(expression: string): number {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  const alike = hour.length === 24 && dayOfMonth.length === 31 && month.length === 12 && dayOfWeek.length >= 7;
  return alike ? Math.min(second.length * minute.length + 1, RUNS_OF_DAYS) : RUNS_OF_DAYS;
}
