// Before everything else.
import '../api/prepare-main';
import { startApp } from './start-app';

void startApp();
