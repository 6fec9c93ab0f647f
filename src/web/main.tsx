import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import '@fontsource/inter/latin-600.css';
import './styles/tokens.css';
import './styles/base.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { guardDrafts } from './app/drafts.ts';
import { CachedQueries } from './app/query.tsx';
import { registerServiceWorker } from './app/service-worker-registration.ts';
import { router } from './routes.tsx';
import { ToastRegion } from './ui/toast.tsx';

guardDrafts();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <CachedQueries>
      <RouterProvider router={router} />
      <ToastRegion />
    </CachedQueries>
  </StrictMode>,
);
registerServiceWorker();
