import { Link } from '@tanstack/react-router';
import { Card, Facts } from '../../ui/page.tsx';

/** When messages may arrive. It is law, so it is told here and cannot be loosened. */
export function QuietHours() {
  return (
    <Card title="Quiet hours">
      <div className="stack">
        <Facts
          facts={[
            [
              'Text messages',
              'Only between 8 am and 9 pm where the recipient is, and less where their state says less (Sundays and holidays in some)',
            ],
            ['E-mail', 'In the window that each campaign states, in the recipient’s time zone'],
            ['Letters', 'At any time'],
          ]}
        />
        <p className="small muted">
          Texts follow 47 CFR 64.1200(c)(1) and state rules, kept in config/outreach/quiet-hours.yaml by whoever runs
          the installation. What comes due in quiet hours waits and leaves by itself. A narrower window is set{' '}
          <Link to="/campaigns">in the campaign</Link>.
        </p>
      </div>
    </Card>
  );
}
