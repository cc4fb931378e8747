import '@fontsource-variable/inter';
import { createTheme, ThemeContext } from '@grafana/data';
import { GlobalStyles } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { Dashboard } from './dashboard.tsx';
import type { Drawing } from './drawing.ts';
import { register } from './prepare.ts';

declare global {
  interface Window {
    /** Called by `draw.ts`. */
    draw: (drawing: Drawing) => void;
  }
}

register();

window.draw = (drawing) => {
  const theme = createTheme({ colors: { mode: 'dark' }, typography: { fontFamily: '"Inter Variable", sans-serif' } });
  const place = document.createElement('div');
  document.body.append(place);
  createRoot(place).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <Dashboard drawing={drawing} width={window.innerWidth} />
    </ThemeContext.Provider>,
  );
};
