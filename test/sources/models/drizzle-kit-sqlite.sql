CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`email` text NOT NULL,
	`first_name` text DEFAULT '' NOT NULL,
	`status` text DEFAULT 'active' NOT NULL,
	`score` real DEFAULT 0.5,
	`balance` numeric DEFAULT '0' NOT NULL,
	`settings` text DEFAULT '{"theme":"dark","sizes":[1,2]}' NOT NULL,
	`photo` blob,
	`is_admin` integer DEFAULT false NOT NULL,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	`updated_at` text DEFAULT CURRENT_TIMESTAMP,
	`shout` text GENERATED ALWAYS AS (upper("email")) VIRTUAL,
	`boss` integer,
	FOREIGN KEY (`boss`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "users_balance" CHECK("users"."balance" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE INDEX `users_created` ON `users` (`status`,`created_at`);--> statement-breakpoint
CREATE INDEX `users_open` ON `users` (`email`) WHERE "users"."updated_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `users_lower` ON `users` (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX `users_name_status` ON `users` (`first_name`,`status`);--> statement-breakpoint
CREATE TABLE `orders` (
	`id` text PRIMARY KEY NOT NULL,
	`user` integer NOT NULL,
	FOREIGN KEY (`user`) REFERENCES `users`(`id`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `lines` (
	`order` text,
	`line` integer NOT NULL,
	PRIMARY KEY(`order`, `line`),
	FOREIGN KEY (`order`) REFERENCES `orders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE VIEW `admins` AS select "id", "email" from "users" where "users"."is_admin";
