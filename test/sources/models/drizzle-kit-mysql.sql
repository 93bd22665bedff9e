CREATE TABLE `users` (
	`id` serial AUTO_INCREMENT NOT NULL,
	`email` varchar(255) NOT NULL,
	`first_name` varchar(80) NOT NULL DEFAULT '',
	`status` enum('active','paused') NOT NULL DEFAULT 'active',
	`born` date,
	`level` tinyint DEFAULT 1,
	`score` double DEFAULT 0.5,
	`balance` decimal(10,2) NOT NULL DEFAULT '0',
	`settings` json NOT NULL DEFAULT ('{"theme":"dark","sizes":[1,2]}'),
	`about` text,
	`is_admin` boolean NOT NULL DEFAULT false,
	`created_at` timestamp NOT NULL DEFAULT (now()),
	`updated_at` timestamp NOT NULL DEFAULT (now()) ON UPDATE CURRENT_TIMESTAMP,
	`seen_at` datetime DEFAULT CURRENT_TIMESTAMP,
	`shout` varchar(255) GENERATED ALWAYS AS (upper(`email`)) VIRTUAL,
	`boss` bigint unsigned,
	CONSTRAINT `users_id` PRIMARY KEY(`id`),
	CONSTRAINT `users_email_unique` UNIQUE(`email`),
	CONSTRAINT `users_name_born` UNIQUE(`first_name`,`born`),
	CONSTRAINT `users_lower` UNIQUE((lower(`email`))),
	CONSTRAINT `users_balance` CHECK(`users`.`balance` >= 0)
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` int AUTO_INCREMENT NOT NULL,
	`user` bigint unsigned NOT NULL,
	CONSTRAINT `orders_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `lines` (
	`order` int NOT NULL,
	`line` int NOT NULL,
	CONSTRAINT `lines_order_line_pk` PRIMARY KEY(`order`,`line`)
);
--> statement-breakpoint
ALTER TABLE `users` ADD CONSTRAINT `users_boss_users_id_fk` FOREIGN KEY (`boss`) REFERENCES `users`(`id`) ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `orders` ADD CONSTRAINT `orders_user_users_id_fk` FOREIGN KEY (`user`) REFERENCES `users`(`id`) ON DELETE cascade ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE `lines` ADD CONSTRAINT `lines_order_orders_id_fk` FOREIGN KEY (`order`) REFERENCES `orders`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `users_created` ON `users` (`status`,`created_at`);--> statement-breakpoint
CREATE INDEX `users_about` ON `users` (`about`(40));--> statement-breakpoint
CREATE ALGORITHM = undefined
SQL SECURITY definer
VIEW `admins` AS (select `id`, `email` from `users` where `users`.`is_admin`);
