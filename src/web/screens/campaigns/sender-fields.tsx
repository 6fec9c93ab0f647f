import { TextAreaField, TextField } from '../../ui/field.tsx';
import type { SectionProps } from './builder-section.ts';
import { usesPost } from './campaign-draft.ts';
import styles from './campaigns.module.css';

/** Who writes, where answers go, and what the button of a message opens. */
export function SenderFields({ draft, problems, set }: SectionProps) {
  return (
    <>
      <div className={styles.fields}>
        <TextField
          label="Sender’s name"
          autoComplete="organization"
          value={draft.senderName}
          error={problems['sender.name']}
          hint="Recipients see it in each message."
          onChange={({ target }) => set({ senderName: target.value })}
        />
        <TextField
          label="Sender’s e-mail address"
          type="email"
          autoComplete="email"
          value={draft.senderEmail}
          error={problems['sender.email']}
          hint="Of a domain that your mail provider may send for."
          onChange={({ target }) => set({ senderEmail: target.value })}
        />
        <TextField
          label="Answers go to"
          type="email"
          value={draft.replyTo}
          error={problems['sender.reply_to']}
          hint="Empty: to this system where it reads answers, else to the sender."
          onChange={({ target }) => set({ replyTo: target.value })}
        />
        <TextField
          label="Phone"
          type="tel"
          autoComplete="tel"
          value={draft.phone}
          error={problems['sender.phone']}
          hint="Shown where a template uses it."
          onChange={({ target }) => set({ phone: target.value })}
        />
      </div>
      <TextAreaField
        label="Postal address"
        rows={2}
        value={draft.postalAddress}
        error={problems['postal_address']}
        hint="On one or two lines. The law asks for one in each message."
        onChange={({ target }) => set({ postalAddress: target.value })}
      />
      <div className={styles.fields}>
        <TextField
          label="Words of the button"
          value={draft.linkLabel}
          maxLength={60}
          error={problems['call_to_action.label']}
          placeholder="I am interested"
          hint="What a recipient presses. A press counts as an answer."
          onChange={({ target }) => set({ linkLabel: target.value })}
        />
        <TextField
          label="Where the button leads"
          type="url"
          value={draft.linkUrl}
          error={problems['call_to_action.url']}
          placeholder="https://"
          hint="Empty: to a page of this system, which tells you who is interested."
          onChange={({ target }) => set({ linkUrl: target.value })}
        />
      </div>
      {usesPost(draft) && (
        <div className={styles.fields}>
          <TextField
            label="Return address: street"
            value={draft.returnLine1}
            error={problems['sender.address.line1']}
            hint="Where post that cannot be delivered goes. Empty: the postal address."
            onChange={({ target }) => set({ returnLine1: target.value })}
          />
          <TextField
            label="Second line"
            value={draft.returnLine2}
            error={problems['sender.address.line2']}
            onChange={({ target }) => set({ returnLine2: target.value })}
          />
          <TextField
            label="City"
            value={draft.returnCity}
            error={problems['sender.address.city']}
            onChange={({ target }) => set({ returnCity: target.value })}
          />
          <TextField
            label="State"
            maxLength={2}
            value={draft.returnState}
            error={problems['sender.address.state']}
            hint="Two letters."
            onChange={({ target }) => set({ returnState: target.value })}
          />
          <TextField
            label="ZIP code"
            inputMode="numeric"
            value={draft.returnZip}
            error={problems['sender.address.zipCode']}
            onChange={({ target }) => set({ returnZip: target.value })}
          />
        </div>
      )}
    </>
  );
}
