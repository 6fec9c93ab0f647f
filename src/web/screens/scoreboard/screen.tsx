import { Page } from '../../ui/page.tsx';

export function ScoreboardScreen() {
  return <Page title="Scoreboard">.</Page>;
}
