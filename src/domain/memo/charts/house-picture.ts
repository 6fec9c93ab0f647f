import { chart } from './svg.ts';

/** What stands in for a photograph when no source gave one: a drawing that says so. */
export function drawHousePicture(): string {
  return chart(220, 148, { title: 'Drawing of a house', description: 'No photograph of the property is known.' }, [
    '<rect width="220" height="148" rx="8" class="p-sky"/>',
    '<path d="M0 118 Q 60 104 110 114 T 220 110 V140 Q220 148 212 148 H8 Q0 148 0 140 Z" class="p-ground"/>',
    '<path d="M62 66 L110 32 L158 66 V116 H62 Z" class="p-wall"/>',
    '<path d="M54 70 L110 29 L166 70" class="p-roof"/>',
    '<rect x="100" y="84" width="20" height="32" rx="1.5" class="p-door"/>',
    '<rect x="73" y="76" width="18" height="18" rx="1.5" class="p-window"/>',
    '<rect x="129" y="76" width="18" height="18" rx="1.5" class="p-window"/>',
    '<circle cx="34" cy="96" r="14" class="p-tree"/><rect x="32.5" y="104" width="3" height="16" class="p-trunk"/>',
    '<circle cx="188" cy="92" r="17" class="p-tree"/><rect x="186.5" y="102" width="3" height="16" class="p-trunk"/>',
    '<text x="110" y="139" text-anchor="middle" class="p-note">No photograph known</text>',
  ]);
}
