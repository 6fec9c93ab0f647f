// `npm start` runs this first, so that a fresh clone has a dashboard without a command of its own.
import { buildDashboard } from './dashboard.ts';

await buildDashboard();
