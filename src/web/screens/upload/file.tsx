import { Page } from '../../ui/page.tsx';

export function UploadedFileScreen() {
  return <Page title="UploadedFile">.</Page>;
}
