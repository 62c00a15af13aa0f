export { default } from '@lingquan/jest-preset';
