import { Card, Page } from '../../ui/page.tsx';
import { CampaignTabs } from './campaign-tabs.tsx';
import styles from './message.module.css';
import { MessagesTable } from './messages-table.tsx';

/** Every message with whom it is to; each opens as its recipient sees it. */
export function OutboxScreen() {
  return (
    <Page title="Outbox" about="Every message that was planned or sent. Open one to see it as its recipient does.">
      <CampaignTabs />
      <Card>
        <div className={styles.message}>
          <MessagesTable />
        </div>
      </Card>
    </Page>
  );
}
