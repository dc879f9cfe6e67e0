"""What is watched, and how it is shown: rules, scrapes, routes and dashboards as data. Knows no platform."""
