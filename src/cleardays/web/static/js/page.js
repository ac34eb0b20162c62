// What every page does where scripts run; without them every page works too.
export {};
