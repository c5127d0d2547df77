import { systemClock } from '../../../clock.ts';
import type { LocalTool } from './local-tool.ts';

export const currentTimeTool: LocalTool = {
  name: 'current_time',
  summary: { en: 'the date and the time', zh: '当前日期和时间' },
  description: 'The date, the time and the time zone of this machine.',
  parameters: {},
  async run() {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const now = new Date(systemClock.now());
    return `${now.toLocaleString('sv')} ${timeZone} (${now.toISOString()})`;
  },
};
