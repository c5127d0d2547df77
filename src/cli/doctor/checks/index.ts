import type { DoctorCheck } from '../doctor-check.ts';
import { answer } from './answer.ts';
import { clock } from './clock.ts';
import { configuration } from './configuration.ts';
import { credentials } from './credentials.ts';
import { dns } from './dns.ts';
import { gateway } from './gateway.ts';
import { identity } from './identity.ts';
import { keys } from './keys.ts';
import { model } from './model.ts';
import { models } from './models.ts';
import { port } from './port.ts';
import { proxy } from './proxy.ts';
import { quota } from './quota.ts';
import { requests } from './requests.ts';
import { stream } from './stream.ts';
import { tls } from './tls.ts';
import { tools } from './tools.ts';

/** In the order of the report. */
export const DOCTOR_CHECKS: readonly DoctorCheck[] = [
  configuration,
  keys,
  requests,
  identity,
  port,
  gateway,
  proxy,
  dns,
  tls,
  clock,
  credentials,
  models,
  model,
  quota,
  answer,
  stream,
  tools,
];
