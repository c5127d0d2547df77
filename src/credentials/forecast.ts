import type { GatewayError } from '../errors.ts';
import type { LeaseRequest } from './lease-request.ts';
import { noPlace } from './refusals.ts';
import type { Roster } from './roster.ts';
import type { Moment, Outlook, SurfaceGroup } from './surface-group.ts';

/** When a request could be served by any of its targets. */
export function outlookOf(roster: Roster, request: LeaseRequest, moment: Moment): Outlook {
  const outlooks = request.targets.map(({ surface, model }) => roster.groupOf(surface).outlook(request, model, moment));
  const least = (member: keyof Outlook) => Math.min(...outlooks.map((outlook) => outlook[member]));
  return { soonest: least('soonest'), change: least('change'), rests: least('rests') };
}

/** Groups where the request only lacks tokens. */
export function savingFor(roster: Roster, request: LeaseRequest, moment: Moment): SurfaceGroup[] {
  return request.targets.flatMap(({ surface, model }) => {
    const group = roster.groups.get(surface);
    return group?.savesTokensFor(request, model, moment) ? [group] : [];
  });
}

/** The error for a request that cannot wait so long, with everything that is held against those who could serve it. */
export function refusalOf(roster: Roster, request: LeaseRequest, outlook: Outlook): GatewayError {
  const codes = request.targets.flatMap(({ surface, model }) =>
    roster.slotsOf(surface).flatMap((slot) => (slot.suits(request) ? slot.reasons(model) : [])),
  );
  return noPlace(request.waitMs, outlook, [...new Set(codes)]);
}

/** By Little's law: as many calls end per millisecond as there are in flight, divided by how long they take. */
export function expectedMs(roster: Roster, request: LeaseRequest, waiting: number, soonest: number): number {
  const accounts = new Set(
    request.targets.flatMap(({ surface }) => roster.slotsOf(surface).map((slot) => slot.account)),
  );
  const ending = [...accounts].reduce((sum, { gate }) => sum + gate.inFlight / Math.max(gate.meanCallMs, 1), 0);
  return Math.max(soonest, ending > 0 ? (waiting + 1) / ending : 0);
}
