import {
  Activity,
  ChartNoAxesCombined,
  Home,
  type LucideIcon,
  Mail,
  Scale,
  Settings,
  Target,
  Upload,
  Users,
} from 'lucide-react';

interface Entry {
  to: string;
  text: string;
  icon: LucideIcon;
  /** Permission without which it is not shown. */
  needs?: string;
  isExact?: boolean;
}

/** The main navigation. */
export const NAVIGATION: readonly Entry[] = [
  { to: '/', text: 'Overview', icon: Activity, isExact: true },
  { to: '/properties', text: 'Properties', icon: Home, needs: 'properties:read' },
  { to: '/campaigns', text: 'Campaigns', icon: Mail, needs: 'outreach:read' },
  { to: '/contacts', text: 'Contacts', icon: Users, needs: 'outreach:read' },
  { to: '/market', text: 'Market', icon: ChartNoAxesCombined, needs: 'properties:read' },
  { to: '/scoreboard', text: 'Scoreboard', icon: Target, needs: 'properties:read' },
  { to: '/operations', text: 'Operations', icon: Scale, needs: 'properties:read' },
  { to: '/upload', text: 'Upload', icon: Upload, needs: 'properties:create' },
  { to: '/settings', text: 'Settings', icon: Settings },
];
