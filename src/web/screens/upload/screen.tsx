import { Page } from '../../ui/page.tsx';

export function UploadScreen() {
  return <Page title="Upload">.</Page>;
}
